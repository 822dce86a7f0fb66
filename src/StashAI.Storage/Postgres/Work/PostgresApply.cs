using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;
using StashAI.Storage.Changes;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Subjects;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>
/// Records the outcomes of attempts, each once and only if its fence is valid (S4). While services answer, it takes one round trip and no
/// lock on the lane. After a failed or throttled call, or with results to fold or with subjects, it takes two: the first one locks and
/// reads. One more is needed to explain an outcome that was not recorded, or when an answer changes a circuit.
/// </summary>
internal static class PostgresApply
{
    private const string Held = """
        SELECT t.id, t.fence, t.broke_at, j.broke_at, j.broke_completed, j.completed
        FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24 WHERE t.id = ANY ($1) AND t.node_id = $2 AND t.state = 2 /* Running */
        """;

    private const string SaveTaskFailures =
        "UPDATE queue_tasks t SET broke_at = b.at FROM unnest($1::bigint[], $2::bigint[]) AS b (id, at) WHERE t.id = b.id";

    private const string SaveJobFailures = """
        UPDATE queue_jobs j SET broke_at = b.at, broke_completed = b.completed
        FROM unnest($1::bigint[], $2::bigint[], $3::int[]) AS b (id, at, completed) WHERE j.id = b.id
        """;

    private const string Complete = $"""
        WITH done AS (
            UPDATE queue_tasks t SET state = 3 /* Completed */, version = t.version + 1, finished_at = (SELECT stashai_now()),
                processing_ms = o.ms,
                http_status = o.http_status, error_kind = 0 /* None */, error_message = NULL, due_at = NULL, throttled_since = NULL, cancel_requested = 0,
                attempt = t.attempt - o.cached, cached = o.cached::smallint, cost = o.cost
            FROM unnest($2::bigint[], $3::int[], $4::float8[], $5::int[], $6::bytea[], $7::bytea[], $8::int[],
                $9::numeric[])
                AS o (id, fence, ms, http_status, output, derived, cached, cost)
            WHERE t.id = o.id AND t.fence = o.fence AND t.node_id = $1 AND t.state = 2 /* Running */ -- S4
            RETURNING t.id, t.version, o.ms, o.output, o.derived),
        saved AS (
            INSERT INTO task_results (task_id, output) SELECT id, output FROM done),
        kept AS (
            INSERT INTO task_derived (task_id, data) SELECT id, derived FROM done WHERE octet_length(derived) > 0
            ON CONFLICT (task_id) DO UPDATE SET data = excluded.data),
        changed AS (SELECT id, version, 2 /* Running */ AS was, 3 /* Completed */ AS becomes, 0 AS requeued, ms FROM done)
        {PostgresUnit.Move} {PostgresRecorded.Changes}
        """;

    // Before the tasks are completed: their jobs are locked, so that those which run now are those which will be completed.
    private const string CountCached = """
        UPDATE queue_jobs j SET cached = j.cached + c.n
        FROM (SELECT t.id >> 24 AS job, COUNT(*)::int AS n FROM unnest($2::bigint[], $3::int[]) AS o (id, fence)
            JOIN queue_tasks t ON t.id = o.id AND t.fence = o.fence AND t.node_id = $1 AND t.state = 2 /* Running */ GROUP BY 1) AS c
        WHERE j.id = c.job
        """;

    // The bucket is cut to its size when it is filled again.
    private const string ReturnTokens = """
        UPDATE lanes l SET rate_tokens = l.rate_tokens + b.n FROM unnest($1::bigint[], $2::int[]) AS b (id, n)
        WHERE l.id = b.id AND l.rate_updated_at IS NOT NULL
        """;

    // $10 to $13 are the transitions of TaskStateMachine; $14 to $16 and $18 the numbers of Throttle, Fail, Abort
    // and ErrorKind.Cancelled; $17 those of ends without an attempt; $19 the throttle limit;
    // $23 and $24 how far the wait of a throttled task grows, and how long its lane waits.
    private const string MoveOn = $"""
        WITH held AS MATERIALIZED (
            SELECT o.*, t.attempt, t.started_at, LEAST(t.throttled_since, stashai_now()) AS since, t.cancel_requested, t.crashes
            FROM unnest($2::bigint[], $3::int[], $4::int[], $5::bigint[], $6::float8[], $7::int[], $8::int[], $9::text[], $20::text[],
                $21::bigint[], $22::text[], $23::bigint[], $24::bigint[])
                AS o (id, fence, event, delay, ms, http_status, error_kind, error_message, answer_head, fingerprint, pattern, grows, lane_delay)
                JOIN queue_tasks t ON t.id = o.id
            WHERE t.fence = o.fence AND t.node_id = $1 AND t.state = 2 /* Running */), -- S4
        limited AS (
            SELECT held.*, CASE WHEN event = $14 AND {PostgresClock.Trusted} - since > $19 THEN $15 ELSE event END AS happened FROM held),
        decided AS MATERIALIZED (
            SELECT id, fence, event, lane_delay, ms, http_status, answer_head, attempt, started_at, since, fingerprint, pattern, m.becomes, m.gives_back,
                CASE WHEN m.event_of = $14 THEN GREATEST(delay, LEAST(grows, stashai_now() - since)) ELSE delay END AS delay,
                m.requeues * CASE WHEN crashes > 1 THEN 2 ELSE 1 END AS requeues,
                m.event_of = $14 AS throttled, m.event_of AS happened, m.event_of = ANY ($17) AS no_call,
                CASE WHEN aborted THEN $18 ELSE error_kind END AS error_kind,
                CASE WHEN aborted THEN '{OutcomeRules.CancelledWhileRunning}' ELSE error_message END AS error_message
            FROM (SELECT limited.*, cancel_requested = 1 AND happened NOT IN ($15, $16) AS aborted FROM limited) AS l
                JOIN unnest($10::int[], $11::int[], $12::int[], $13::int[]) AS m (event_of, becomes, gives_back, requeues)
                ON m.event_of = CASE WHEN l.aborted THEN $16 ELSE l.happened END),
        saved AS (
            INSERT INTO task_attempts
                (task_id, fence, attempt, node_id, started_at, ended_at, event, http_status, error_kind, error_message, answer_head)
            SELECT id, fence, attempt, $1, started_at, stashai_now(), happened, http_status, error_kind, error_message, answer_head
            FROM decided WHERE event <> ALL ($17)
            ON CONFLICT (task_id, fence) DO NOTHING),
        done AS (
            UPDATE queue_tasks t SET state = d.becomes, version = t.version + 1, attempt = t.attempt - d.gives_back,
                due_at = CASE WHEN d.becomes = 1 /* Scheduled */ THEN stashai_now() + d.delay END,
                finished_at = CASE WHEN d.becomes >= 3 /* terminal */ THEN stashai_now() END,
                -- A claim that ended without a call: what was stored of the last one stays, unless the claim has an error of its own.
                processing_ms = CASE WHEN d.no_call THEN t.processing_ms ELSE d.ms END,
                http_status = CASE WHEN d.no_call THEN t.http_status ELSE d.http_status END,
                error_kind = CASE WHEN d.no_call AND d.error_kind = 0 /* None */ THEN t.error_kind ELSE d.error_kind END,
                error_message = CASE WHEN d.no_call AND d.error_kind = 0 /* None */ THEN t.error_message ELSE d.error_message END,
                throttled_since = CASE WHEN d.no_call THEN t.throttled_since WHEN d.throttled THEN d.since END,
                cancel_requested = 0, requeued = d.requeues,
                fingerprint = CASE WHEN d.becomes = 4 /* Failed */ THEN d.fingerprint END
            FROM decided d WHERE t.id = d.id AND t.state = 2 /* Running */
            RETURNING t.id, t.version, d.becomes, d.requeues, d.error_kind AS kind, d.error_message AS message, d.http_status, d.fingerprint, d.pattern),
        blocked AS (
            UPDATE lanes l SET blocked_until = GREATEST(l.blocked_until, stashai_now() + b.delay)
            FROM (SELECT j.lane_id, MAX(d.lane_delay) AS delay FROM decided d JOIN queue_jobs j ON j.id = d.id >> 24
                WHERE d.throttled AND d.lane_delay > 0 GROUP BY 1) AS b
            WHERE l.id = b.lane_id),
        changed AS (
            SELECT id, version, 2 /* Running */ AS was, becomes, requeues & 1 AS requeued, 0.0::float8 AS ms, kind, message, http_status,
                fingerprint, pattern
            FROM done)
        {PostgresUnit.Move} {PostgresUnit.Errors} {PostgresFailures.Add} {PostgresRecorded.Changes}
        """;

    private const string ReadFences = "SELECT id, fence, state, node_id FROM queue_tasks WHERE id = ANY ($1)";

    private static readonly int[] WithoutAttempt =
        [.. Enum.GetValues<TaskEvent>().Where(taskEvent => !OutcomeRules.IsAttempt(taskEvent)).Select(taskEvent => (int)taskEvent)];

    private static readonly (int[] Events, int[] Becomes, int[] GivesBack, int[] Requeues) Transitions = ReadTransitions();

    public static async Task<AppliedBatch> RunAsync(PostgresSession session, long nodeKey, IReadOnlyList<AttemptResult> results)
    {
        if (results.Count == 0) return new AppliedBatch([], ChangeSet.Empty);

        // If a claim is in the batch twice, the first outcome counts.
        var first = new Dictionary<(long, int), int>(results.Count);
        var outcomes = new PostgresOutcomes();
        for (var i = 0; i < results.Count; i++)
        {
            if (first.TryAdd((results[i].Task.Key, results[i].Task.Fence), i))
                outcomes.Add(results[i]);
        }

        var (changes, hasNew, foldError) = outcomes.NeedsLock
            ? await LockAndApplyAsync(session, nodeKey, outcomes)
            : await ApplyAsync(session, nodeKey, outcomes);
        // Usually all are recorded; a batch with two claims of one task changes fewer tasks than it has outcomes.
        if (changes.Tasks.Count == results.Count && outcomes.Parked.Count == 0)
            return new AppliedBatch(new ApplyStatus[results.Count], changes) { HasNewWork = hasNew, FoldError = foldError };

        var states = new Dictionary<long, TaskState>(changes.Tasks.Count);
        foreach (var task in changes.Tasks) states[task.Key] = task.State;
        // Of two claims of one task, only the later one can have been recorded.
        var latest = new Dictionary<long, int>(states.Count);
        foreach (var (key, fence) in first.Keys)
        {
            if (states.ContainsKey(key)) latest[key] = Math.Max(fence, latest.GetValueOrDefault(key));
        }

        var statuses = new ApplyStatus[results.Count];
        var unknown = new List<int>();
        for (var i = 0; i < results.Count; i++)
        {
            var claim = (results[i].Task.Key, results[i].Task.Fence);
            var isApplied = first[claim] == i && latest.TryGetValue(claim.Key, out var fence) && fence == claim.Fence;
            if (!isApplied) unknown.Add(i);
            else if (outcomes.Parked.Contains(claim) && states[claim.Key] == TaskState.Scheduled) statuses[i] = ApplyStatus.Parked;
        }

        if (unknown.Count > 0) await ExplainAsync(session, nodeKey, results, unknown, statuses);
        return new AppliedBatch(statuses, changes) { HasNewWork = hasNew, FoldError = foldError };
    }

    private static async Task<(ChangeSet Changes, bool HasNew, string? FoldError)> ApplyAsync(
        PostgresSession session, long nodeKey, PostgresOutcomes outcomes)
    {
        await using var batch = session.Batch();
        AddLocks(batch, outcomes.Lanes, Jobs(outcomes.All));
        var skipped = AddTotals(batch, nodeKey, outcomes) ? 1 : 0;
        AddAll(batch, nodeKey, outcomes);
        var unsettled = new HashSet<long>();
        var (changes, hasNew) = (ChangeSet.Empty, false);
        await using (var rows = await batch.ReadAsync(CancellationToken.None))
        {
            while (await rows.ReadAsync()) unsettled.Add(rows.GetInt64(0));
            for (var i = 0; i <= skipped; i++) await rows.NextResultAsync();
            while (await rows.NextResultAsync())
            {
                var (more, isNew) = await PostgresRecorded.ReadAsync(rows);
                (changes, hasNew) = (ChangeSetBuilder.Join(changes, more), hasNew | isNew);
            }
        }

        if (unsettled.Count == 0) return (changes, hasNew, null);
        var ended = changes.Tasks.Select(task => task.Key).ToHashSet();
        long[] answered =
        [
            .. outcomes.Completed.Where(result => !result.IsCached && ended.Contains(result.Task.Key))
                .Select(result => result.Task.Job.LaneKey).Where(unsettled.Contains).Distinct().Order(),
        ];
        if (answered.Length > 0) changes = changes with { Lanes = await PostgresCircuits.RecordAnswersAsync(session, answered) };
        return (changes, hasNew, null);
    }

    private static async Task<(ChangeSet Changes, bool HasNew, string? FoldError)> LockAndApplyAsync(
        PostgresSession session, long nodeKey, PostgresOutcomes outcomes)
    {
        PostgresCircuits circuits;
        var aggregates = new PostgresAggregates();
        var held = new Dictionary<(long, int), RepeatedFailure>();
        var jobs = Jobs(outcomes.All);
        // Lanes before jobs (S13).
        await using (var look = session.Batch()
            .Add(Begin)
            .Add(PostgresCircuits.LockLanes, Value(outcomes.Lanes))
            .Add(PostgresUnit.LockJobs, Value(jobs))
            .Add(Held, Value(outcomes.All.Select(result => result.Task.Key).ToArray()), Value(nodeKey))
            .Add(PostgresAggregates.Read, Value(jobs)))
        await using (var rows = await look.ReadAsync(CancellationToken.None))
        {
            circuits = await PostgresCircuits.ReadAsync(rows);
            await rows.NextResultAsync();
            await rows.NextResultAsync();
            while (await rows.ReadAsync())
            {
                held.Add(
                    (rows.GetInt64(0), rows.GetInt32(1)),
                    new RepeatedFailure(
                        rows.IsDBNull(2) ? null : rows.GetInt64(2), rows.IsDBNull(3) ? null : rows.GetInt64(3), rows.GetInt32(4),
                        rows.GetInt32(5)));
            }

            await rows.NextResultAsync();
            await aggregates.LoadAsync(rows);
            await EndAsync(rows, CancellationToken.None);
        }

        var subjects = new PostgresSubjects();
        outcomes.Settle(held, circuits, aggregates, subjects);
        await using var batch = session.Batch();
        AddFailures(batch, outcomes);
        if (outcomes.Tokens.Count > 0)
            batch.Add(ReturnTokens, Value(outcomes.Tokens.Keys.ToArray()), Value(outcomes.Tokens.Values.ToArray()));
        var locksTotals = AddTotals(batch, nodeKey, outcomes);
        var results = AddAll(batch, nodeKey, outcomes);
        var lanes = circuits.Finish(batch);
        var foldError = aggregates.Finish(batch);
        subjects.Finish(batch);
        batch.Add(Commit);
        var (changes, hasNew) = (ChangeSet.Empty, false);
        await using var done = await batch.ReadAsync(CancellationToken.None);
        if (locksTotals) await done.NextResultAsync();
        for (var i = 0; i < results; i++)
        {
            var (more, isNew) = await PostgresRecorded.ReadAsync(done);
            (changes, hasNew) = (ChangeSetBuilder.Join(changes, more), hasNew | isNew);
            await done.NextResultAsync();
        }

        await EndAsync(done, CancellationToken.None);
        return (changes with { Lanes = lanes }, hasNew, foldError);
    }

    /// <summary>Adds the statements that record nothing but successes.</summary>
    public static void AddSuccesses(PostgresBatch batch, long nodeKey, List<AttemptResult> results)
    {
        AddLocks(batch, [], Jobs(results));
        AddCompleted(batch, nodeKey, results);
    }

    private static void AddLocks(PostgresBatch batch, long[] lanes, long[] jobs) =>
        batch.Add(PostgresCircuits.Unsettled, Value(lanes)).Add(PostgresUnit.LockJobs, Value(jobs));

    /// <summary>Locks the node's totals if two statements change them; returns whether it did.</summary>
    private static bool AddTotals(PostgresBatch batch, long nodeKey, PostgresOutcomes outcomes)
    {
        if (outcomes.Completed.Count == 0 || outcomes.Others.Count == 0) return false;
        batch.Add(
            PostgresUnit.LockTotals, Value(nodeKey), Value(outcomes.All.Select(result => result.Task.Job.Service).Distinct().ToArray()));
        return true;
    }

    private static void AddFailures(PostgresBatch batch, PostgresOutcomes outcomes)
    {
        if (outcomes.Failures.Count == 0) return;
        var jobs = outcomes.Failures.GroupBy(task => TaskKey.JobOf(task.Key)).OrderBy(job => job.Key).ToList();
        batch.Add(
            SaveTaskFailures,
            Value(outcomes.Failures.Keys.ToArray()),
            Value(outcomes.Failures.Values.Select(task => task.TaskFailedAt!.Value).ToArray()));
        batch.Add(
            SaveJobFailures, Value(jobs.Select(job => job.Key).ToArray()),
            Value(jobs.Select(job => job.First().Value.JobFailedAt!.Value).ToArray()),
            Value(jobs.Select(job => job.First().Value.JobCompletedThen).ToArray()));
    }

    private static int AddAll(PostgresBatch batch, long nodeKey, PostgresOutcomes outcomes)
    {
        if (outcomes.Completed.Count > 0)
        {
            AddCached(batch, nodeKey, outcomes.Completed);
            PostgresCosts.Add(batch, nodeKey, outcomes.Completed);
            AddCompleted(batch, nodeKey, outcomes.Completed);
        }

        if (outcomes.Others.Count > 0) AddOthers(batch, nodeKey, outcomes.Others);
        AddKnown(batch, nodeKey, outcomes.Completed);
        return (outcomes.Completed.Count > 0 ? 1 : 0) + (outcomes.Others.Count > 0 ? 1 : 0);
    }

    private static long[] Jobs(IEnumerable<AttemptResult> results) => PostgresUnit.JobsOf(results.Select(result => result.Task.Key));

    private static void AddCompleted(PostgresBatch batch, long nodeKey, List<AttemptResult> results) => batch.Add(
        Complete,
        Value(nodeKey),
        Value(results.Select(result => result.Task.Key).ToArray()),
        Value(results.Select(result => result.Task.Fence).ToArray()),
        Value(results.Select(result => result.Duration.TotalMilliseconds).ToArray()),
        Value(results.Select(result => result.Call.HttpStatus).ToArray()),
        Value(results.Select(result => result.Output).ToArray()),
        Value(results.Select(result => result.Derived).ToArray()),
        Value(results.Select(result => result.IsCached ? 1 : 0).ToArray()),
        Value(results.Select(result => result.Cost).ToArray()));

    private static void AddCached(PostgresBatch batch, long nodeKey, List<AttemptResult> results)
    {
        var cached = results.FindAll(result => result.IsCached);
        if (cached.Count == 0) return;
        batch.Add(
            CountCached, Value(nodeKey), Value(cached.Select(result => result.Task.Key).ToArray()),
            Value(cached.Select(result => result.Task.Fence).ToArray()));
    }

    private static void AddKnown(PostgresBatch batch, long nodeKey, List<AttemptResult> results)
    {
        // One statement cannot write a key twice; the later of two results counts.
        var computed = results.Where(result => !result.IsCached && !result.ResultKey.IsEmpty)
            .GroupBy(result => Convert.ToHexString(result.ResultKey.Span), StringComparer.Ordinal).Select(key => key.Last()).ToList();
        if (computed.Count == 0) return;
        var keys = computed.ConvertAll(result => result.ResultKey.ToArray()).ToArray();
        batch.Add(
            PostgresKnownResults.Remember, Value(keys), Value(computed.Select(result => result.Task.Key).ToArray()),
            Value(computed.Select(result => result.Task.Fence).ToArray()), Value(nodeKey));
        batch.Add(PostgresKnownResults.Land, Value(keys));
    }

    private static void AddOthers(PostgresBatch batch, long nodeKey, List<AttemptResult> results)
    {
        var known = new FailureBatch();
        // A throttled task may have waited too long; that is found out by the statement.
        Failure?[] failures =
        [
            .. results.Select(result => result.Event is TaskEvent.Fail or TaskEvent.Throttle
                ? known.Of(result.ErrorKind, result.Call.HttpStatus, PostgresText.ToStorable(result.ErrorMessage)) : null),
        ];
        AddOthers(batch, nodeKey, results, failures);
    }

    private static void AddOthers(PostgresBatch batch, long nodeKey, List<AttemptResult> results, Failure?[] failures) => batch.Add(
        MoveOn,
        Value(nodeKey),
        Value(results.Select(result => result.Task.Key).ToArray()),
        Value(results.Select(result => result.Task.Fence).ToArray()),
        Value(results.Select(result => (int)result.Event).ToArray()),
        Value(results.Select(result => OutcomeRules.StoredDelayMs(result.Event, result.Delay)).ToArray()),
        Value(results.Select(result => result.Duration > TimeSpan.Zero ? result.Duration.TotalMilliseconds : (double?)null).ToArray()),
        Value(results.Select(result => result.Call.HttpStatus).ToArray()),
        Value(results.Select(result => (int)result.ErrorKind).ToArray()),
        Value(results.Select(result => PostgresText.ToStorable(result.ErrorMessage)).ToArray()),
        Value(Transitions.Events),
        Value(Transitions.Becomes),
        Value(Transitions.GivesBack),
        Value(Transitions.Requeues),
        Value((int)TaskEvent.Throttle),
        Value((int)TaskEvent.Fail),
        Value((int)TaskEvent.Abort),
        Value(WithoutAttempt),
        Value((int)ErrorKind.Cancelled),
        Value((long)OutcomeRules.ThrottleLimit.TotalMilliseconds),
        Value(results.Select(result => PostgresText.ToStorable(result.Call.AnswerHead)).ToArray()),
        Value(failures.Select(failure => failure?.Fingerprint).ToArray()),
        Value(failures.Select(failure => failure?.Pattern).ToArray()),
        Value(results.Select(result => (long)result.GrowsUpTo.TotalMilliseconds).ToArray()),
        Value(results.Select(OutcomeRules.LaneDelayMs).ToArray()));

    private static async Task ExplainAsync(
        PostgresSession session, long nodeKey, IReadOnlyList<AttemptResult> results, List<int> unknown, ApplyStatus[] statuses)
    {
        await using var batch = session.Batch().Add(ReadFences, Value(unknown.Select(i => results[i].Task.Key).Distinct().ToArray()));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        var ended = new HashSet<(long Key, int Fence)>();
        while (await rows.ReadAsync())
        {
            var isOurs = rows.GetInt16(2) != (int)TaskState.Running && !rows.IsDBNull(3) && rows.GetInt64(3) == nodeKey;
            if (isOurs) ended.Add((rows.GetInt64(0), rows.GetInt32(1)));
        }

        foreach (var i in unknown)
            statuses[i] = ended.Contains((results[i].Task.Key, results[i].Task.Fence)) ? ApplyStatus.AlreadyApplied : ApplyStatus.LeaseLost;
    }

    private static (int[] Events, int[] Becomes, int[] GivesBack, int[] Requeues) ReadTransitions()
    {
        var running = TaskStateMachine.Transitions.Where(transition => transition.From == TaskState.Running).ToList();
        return (
            [.. running.Select(transition => (int)transition.Event)],
            [.. running.Select(transition => (int)transition.To)],
            [.. running.Select(transition => transition.Effect.HasFlag(TaskEffect.GiveAttemptBack) ? 1 : 0)],
            [.. running.Select(transition => transition.Effect.HasFlag(TaskEffect.Requeue) ? 1 : 0)]);
    }
}
