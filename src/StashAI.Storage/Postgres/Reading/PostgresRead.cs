using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Jobs;
using StashAI.Storage.Payloads;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Jobs;
using StashAI.Storage.Postgres.Work;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>Reads jobs, tasks, payloads and lanes.</summary>
internal sealed class PostgresRead(PostgresDatabase database, IPayloads payloads) : IRead
{
    private const int MaxPageBytes = 4 * 1024 * 1024;

    public const string JobColumns = """
        SELECT j.id, j.public_id, j.version, j.state, j.service, j.job_type, j.task_type, j.upstream, j.name, j.single_task, j.user_id,
            j.session_id, j.priority, j.max_attempts, j.config, j.payload_bytes, j.processing_ms, j.created_at, j.started_at, j.finished_at,
            j.updated_at, j.total, j.available, j.scheduled, j.running, j.completed, j.failed, j.cancelled,
            j.start_at, j.waiting, j.deadline_at, j.paused, j.max_parallel, j.owner, j.source_job,
            (SELECT string_agg(l.value, E'\n' ORDER BY l.value) FROM job_labels l WHERE l.job_id = j.id AND l.kind = 0 /* a tag */),
            j.cache, j.cached, j.cost, j.retry_scope + j.retry_steps > 0, j.pause_ends_at
        """;

    // The tasks of a job that starts later are stored as available, and shown as scheduled.
    private const string StartsLater = "(SELECT start_at FROM queue_jobs WHERE id = t.id >> 24 AND waiting = 1)";

    private const string ShownState =
        $"(CASE WHEN t.state = 0 /* Available */ AND {StartsLater} IS NOT NULL THEN 1 /* Scheduled */ ELSE t.state END)::smallint";

    public const string TaskColumns = $"""
        SELECT t.id, t.version, {ShownState}, t.attempt, t.cancel_requested,
            (SELECT input FROM task_inputs WHERE task_id = t.id), t.error_kind, t.error_message, t.processing_ms, t.started_at, t.finished_at,
            CASE t.state WHEN 0 THEN {StartsLater} ELSE t.due_at END,
            (SELECT item_name FROM task_inputs WHERE task_id = t.id), (SELECT item_id FROM task_inputs WHERE task_id = t.id),
            t.cached, t.cost
        """;

    /// <summary>The result r as <see cref="ReadOutput"/> reads it.</summary>
    public const string OutputColumns = "r.output, (SELECT edits FROM task_judgements WHERE task_id = r.task_id)";

    /// <summary>How many columns <see cref="ReadTask"/> reads: those of a task, and those of its result.</summary>
    public const int ReadColumns = 18;

    // The tasks of an upload that is not complete are hidden too.
    private const string IsCommitted = "EXISTS (SELECT 1 FROM queue_jobs WHERE id = t.id >> 24 AND state <> 6 /* Staging */)";

    private const string JobById = $"{JobColumns} FROM queue_jobs j WHERE j.public_id = $1 AND j.state <> 6 /* Staging */";

    private const string Aggregate = "SELECT aggregate FROM job_aggregates WHERE job_id = (SELECT id FROM queue_jobs WHERE public_id = $1)";

    private const string Errors = """
        SELECT kind, count, example FROM job_errors WHERE job_id = (SELECT id FROM queue_jobs WHERE public_id = $1) ORDER BY count DESC, kind
        """;

    private const string JobsByKey = $"""
        {JobColumns} FROM unnest($1::bigint[]) WITH ORDINALITY AS k (id, n) JOIN queue_jobs j ON j.id = k.id
        WHERE j.state <> 6 /* Staging */ ORDER BY k.n
        """;

    private const string TasksByKey = $"""
        {TaskColumns}, NULL::bytea
        FROM unnest($1::bigint[]) WITH ORDINALITY AS k (id, n) JOIN queue_tasks t ON t.id = k.id WHERE {IsCommitted} ORDER BY k.n
        """;

    private const string TasksByKeyWithOutput = $"""
        {TaskColumns}, {OutputColumns}
        FROM unnest($1::bigint[]) WITH ORDINALITY AS k (id, n) JOIN queue_tasks t ON t.id = k.id LEFT JOIN task_results r ON r.task_id = t.id
        WHERE {IsCommitted} ORDER BY k.n
        """;

    private const string JobIsCommitted = "EXISTS (SELECT 1 FROM queue_jobs WHERE id = $1 >> 24 AND state <> 6 /* Staging */)";

    private const string TasksOfJob =
        $"{TaskColumns}, NULL::bytea FROM queue_tasks t WHERE t.id >= $1 AND t.id < $2 AND {JobIsCommitted} ORDER BY t.id LIMIT $3";

    // The server ends the page by size, so that no bytes over the limit are sent. It knows lengths without reading the bytes.
    private const string TasksOfJobWithOutput = $"""
        {TaskColumns}, t.output, (SELECT edits FROM task_judgements WHERE task_id = t.id) FROM (
            SELECT t.*, r.output, SUM(COALESCE(octet_length(r.output), 0) + COALESCE(octet_length(i.input), 0))
                OVER (ORDER BY t.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
            FROM queue_tasks t LEFT JOIN task_results r ON r.task_id = t.id LEFT JOIN task_inputs i ON i.task_id = t.id
            WHERE t.id >= $1 AND t.id < $2 AND {JobIsCommitted} ORDER BY t.id LIMIT $3) AS t
        WHERE COALESCE(t.bytes_before, 0) < $4 ORDER BY t.id
        """;

    private const string Totals = "SELECT service, state, SUM(count)::bigint FROM totals WHERE kind = $1 GROUP BY service, state";

    private const string Payloads = """
        SELECT tp.payload_id, tp.slot, tp.data_url_prefix, p.size, tp.task_id
        FROM task_payloads tp JOIN payloads p ON p.id = tp.payload_id
        WHERE tp.task_id = ANY ($1) AND tp.ordinal >= 0 AND EXISTS (SELECT 1 FROM queue_jobs WHERE id = tp.task_id >> 24
            AND state <> 6 /* Staging */) ORDER BY tp.task_id, tp.ordinal
        """;

    private const string UrgentVersions = """
        SELECT id, public_id, version, state FROM queue_jobs
        WHERE state IN (0, 1) /* Pending, Running */ ORDER BY priority DESC, id DESC LIMIT $1::int
        """;

    private const string NewestVersions =
        "SELECT id, public_id, version, state FROM queue_jobs WHERE state <> 6 /* Staging */ ORDER BY id DESC LIMIT $1::int";

    private const string JobVersions = """
        SELECT j.id, j.public_id, j.version, j.state
        FROM unnest($1::bigint[]) WITH ORDINALITY AS k (id, n) JOIN queue_jobs j ON j.id = k.id
            WHERE j.state <> 6 /* Staging */ ORDER BY k.n
        """;

    private const string TaskVersions = $"""
        SELECT t.id, t.version, {ShownState}
        FROM unnest($1::bigint[]) WITH ORDINALITY AS k (id, n) JOIN queue_tasks t ON t.id = k.id WHERE {IsCommitted} ORDER BY k.n
        """;

    public Task<EnqueuedJob?> FindRepeatedAsync(
        string idempotencyKey, ReadOnlyMemory<byte> requestHash, CancellationToken cancellationToken) =>
        database.RunAsync(
            session => PostgresIdempotency.FindAsync(session, idempotencyKey, requestHash, cancellationToken), cancellationToken);

    public async Task<JobView?> FindJobAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(JobById, Value(jobId)).Add(Aggregate, Value(jobId)).Add(Errors, Value(jobId));
        await using var rows = await batch.ReadAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken)) return null;
        var job = ReadJob(rows);
        await rows.NextResultAsync(cancellationToken);
        if (await rows.ReadAsync(cancellationToken)) job = job with { Aggregate = rows.GetFieldValue<byte[]>(0) };
        await rows.NextResultAsync(cancellationToken);
        var errors = new List<JobErrors>();
        while (await rows.ReadAsync(cancellationToken))
        {
            errors.Add(new JobErrors((ErrorKind)rows.GetInt16(0), rows.GetInt32(1), PostgresRows.TextOrNull(rows, 2)));
        }

        return job with { Errors = errors };
    }

    public async Task<IReadOnlyList<JobView>> FindJobsAsync(IReadOnlyList<long> jobKeys, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await FindJobsAsync(session, jobKeys, cancellationToken);
    }

    public async Task<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresTaskList.ReadAsync(session, filter, cancellationToken);
    }

    public async Task<IReadOnlyList<AttemptView>> ListAttemptsAsync(long taskKey, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresAttempts.ListAttemptsAsync(session, taskKey, limit, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<long, AttemptView>> FindLastAttemptsAsync(
        IReadOnlyList<long> taskKeys, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresAttempts.FindLastAsync(session, taskKeys, cancellationToken);
    }

    public async Task<IReadOnlyList<ServiceDepth>> ReadDepthsAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresDepths.ReadAsync(session, cancellationToken);
    }

    public Task<IReadOnlyList<NodeView>> ListNodesAsync(CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresNodeList.ListAsync(session, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<LaneView>> ListLanesAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresLanes.ListAsync(session, cancellationToken);
    }

    public async Task<IReadOnlyList<ServiceLimits>> ListLimitsAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresLimits.ListAsync(session, cancellationToken);
    }

    public async Task<Pauses> ReadPausesAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresPauses.ReadAsync(session, cancellationToken);
    }

    /// <summary>Jobs by internal key, within the caller's session.</summary>
    public static async Task<IReadOnlyList<JobView>> FindJobsAsync(
        PostgresSession session, IReadOnlyList<long> keys, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(JobsByKey, Value<long[]>([.. keys]));
        return await PostgresRows.ListAsync(batch, ReadJob, cancellationToken);
    }

    public async Task<IReadOnlyList<TaskView>> FindTasksAsync(
        IReadOnlyList<long> keys, bool withOutput, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(withOutput ? TasksByKeyWithOutput : TasksByKey, Value<long[]>([.. keys]));
        return await PostgresRows.ListAsync(batch, ReadTask, cancellationToken);
    }

    public async Task<(IReadOnlyList<TaskView> Tasks, IReadOnlyList<JobView> Jobs)> FindTasksWithJobsAsync(
        IReadOnlyList<long> taskKeys, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(TasksByKeyWithOutput, Value<long[]>([.. taskKeys]))
            .Add(JobsByKey, Value<long[]>([.. taskKeys.Select(TaskKey.JobOf).Distinct()]));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var (tasks, jobs) = (new List<TaskView>(taskKeys.Count), new List<JobView>());
        while (await rows.ReadAsync(cancellationToken)) tasks.Add(ReadTask(rows));
        await rows.NextResultAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) jobs.Add(ReadJob(rows));
        return (tasks, jobs);
    }

    public async Task<IReadOnlyList<TaskView>> ListTasksAsync(
        long jobKey, int fromOrdinal, int limit, bool withOutput, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromOrdinal);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        await using var session = await database.OpenAsync(cancellationToken);
        var (from, to) = (Value(TaskKey.From(jobKey, fromOrdinal)), Value(TaskKey.From(jobKey + 1, 0)));
        await using var batch = session.Batch();
        if (withOutput) batch.Add(TasksOfJobWithOutput, from, to, Value(limit), Value(MaxPageBytes));
        else batch.Add(TasksOfJob, from, to, Value(limit));
        return await PostgresRows.ListAsync(batch, ReadTask, cancellationToken);
    }

    public Task<JobPage> ListJobsAsync(JobFilter filter, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresJobList.ReadAsync(session, filter, cancellationToken), cancellationToken);

    public Task<JobQueryPage> QueryJobsAsync(JobQuery query, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresJobList.QueryAsync(session, query, cancellationToken), cancellationToken);

    public async Task<TaskQueryPage> QueryTasksAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        TaskListing found;
        await using (var session = await database.OpenAsync(cancellationToken))
            found = await PostgresTaskQuery.ReadAsync(session, query, cancellationToken);
        return await found.PageAsync(payloads, cancellationToken);
    }

    public async Task<QueueTotals> ReadTotalsAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var count = new long[6];
        await using var batch = session.Batch().Add(Totals, Value((short)0));
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) count[rows.GetInt16(1)] += rows.GetInt64(2);
        return new QueueTotals(count[0], count[1], count[2], count[3], count[4], count[5]);
    }

    public async Task<IReadOnlyList<FailureGroup>> ListFailuresAsync(JobView job, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var groups = await PostgresFailureList.ListAsync(session, job.Key, cancellationToken);
        return UngroupedFailures.AddTo(groups, await ErrorsOfAsync(session, job.JobId, cancellationToken), IRead.MaxFailureGroups);
    }

    public async Task<byte[]?> FindFirstInputAsync(long taskKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch()
            .Add("SELECT first_input FROM task_inputs WHERE task_id = $1 AND first_input IS NOT NULL", Value(taskKey));
        byte[]? stored;
        await using (var rows = await batch.ReadAsync(cancellationToken))
            stored = await rows.ReadAsync(cancellationToken) ? rows.GetFieldValue<byte[]>(0) : null;
        return await LargeInputs.ResolveAsync(stored, payloads, cancellationToken);
    }

    public async Task<IReadOnlyList<ItemPair>> ListPairsAsync(
        long firstKey, long secondKey, bool isRerun, int fromOrdinal, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresPairs.ReadAsync(session, firstKey, secondKey, isRerun, fromOrdinal, limit, cancellationToken);
    }

    public async Task<FailureGroup?> FindFailureAsync(long jobKey, long fingerprint, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresFailureList.FindAsync(session, jobKey, fingerprint, cancellationToken);
    }

    private static async Task<IReadOnlyList<JobErrors>> ErrorsOfAsync(PostgresSession session, Guid jobId,
        CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Errors, Value(jobId));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var errors = new List<JobErrors>();
        while (await rows.ReadAsync(cancellationToken))
            errors.Add(new JobErrors((ErrorKind)rows.GetInt16(0), rows.GetInt32(1), PostgresRows.TextOrNull(rows, 2)));
        return errors;
    }

    public async Task<ILookup<long, PayloadRef>> ListPayloadsAsync(IReadOnlyList<long> taskKeys, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Payloads, Value<long[]>([.. taskKeys]));
        var payloads = await PostgresRows.ListAsync(
            batch,
            row => (
                Task: row.GetInt64(4),
                Part: new PayloadRef(row.GetInt64(0), row.GetString(1), PostgresRows.TextOrNull(row, 2), row.GetInt64(3))),
            cancellationToken);
        return payloads.ToLookup(one => one.Task, one => one.Part);
    }

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPayloadAsync(long payloadKey, long size, CancellationToken cancellationToken) =>
        payloads.ReadPayloadAsync(payloadKey, size, cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPayloadAsync(PayloadRef payload, CancellationToken cancellationToken) =>
        payloads.ReadPayloadAsync(payload, cancellationToken);

    public Task<int?> ReadPayloadChunkAsync(long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken) =>
        payloads.ReadPayloadChunkAsync(payloadKey, sequence, destination, cancellationToken);

    public async Task<ChangeSet> ReadLatestVersionsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(UrgentVersions, Value(limit)).Add(NewestVersions, Value(limit));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var jobs = new Dictionary<long, JobChange>();
        do
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                var state = (JobState)rows.GetInt16(3);
                jobs[rows.GetInt64(0)] = new JobChange(rows.GetInt64(0), rows.GetGuid(1), rows.GetInt64(2), state, state);
            }
        }
        while (await rows.NextResultAsync(cancellationToken));
        return new ChangeSet([], [.. jobs.Values]);
    }

    public async Task<ChangeSet> ReadVersionsAsync(
        IReadOnlyList<long> jobKeys, IReadOnlyList<long> taskKeys, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(TaskVersions, Value<long[]>([.. taskKeys]))
            .Add(JobVersions, Value<long[]>([.. jobKeys]));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var tasks = new List<TaskChange>(taskKeys.Count);
        while (await rows.ReadAsync(cancellationToken))
        {
            tasks.Add(new TaskChange(rows.GetInt64(0), rows.GetInt32(1), (TaskState)rows.GetInt16(2)));
        }

        await rows.NextResultAsync(cancellationToken);
        var jobs = new List<JobChange>(jobKeys.Count);
        while (await rows.ReadAsync(cancellationToken))
        {
            var state = (JobState)rows.GetInt16(3);
            jobs.Add(new JobChange(rows.GetInt64(0), rows.GetGuid(1), rows.GetInt64(2), state, state));
        }

        return new ChangeSet(tasks, jobs);
    }

    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add("SELECT COUNT(*) FROM (SELECT 1 FROM queue_jobs LIMIT 1) AS first");
        await batch.RunAsync(cancellationToken);
    }

    public static JobView ReadJob(NpgsqlDataReader row) => new()
    {
        Key = row.GetInt64(0),
        JobId = row.GetGuid(1),
        Version = row.GetInt64(2),
        State = (JobState)row.GetInt16(3),
        Service = row.GetString(4),
        JobType = row.GetString(5),
        TaskType = row.GetString(6),
        Upstream = new Uri(row.GetString(7)),
        Name = row.GetString(8),
        IsSingleTask = row.GetInt16(9) != 0,
        UserId = PostgresRows.TextOrNull(row, 10),
        SessionId = PostgresRows.TextOrNull(row, 11),
        Priority = row.GetInt16(12),
        MaxAttempts = row.GetInt32(13),
        Config = row.GetFieldValue<byte[]>(14),
        PayloadBytes = row.GetInt64(15),
        ProcessingTime = TimeSpan.FromMilliseconds(row.GetDouble(16)),
        CreatedAt = PostgresRows.Time(row, 17)!.Value,
        StartedAt = PostgresRows.Time(row, 18),
        FinishedAt = PostgresRows.Time(row, 19),
        UpdatedAt = PostgresRows.Time(row, 20)!.Value,
        Counters = new JobCounters(
            row.GetInt32(21), row.GetInt32(22), row.GetInt32(23), row.GetInt32(24), row.GetInt32(25), row.GetInt32(26), row.GetInt32(27))
        {
            Cached = row.GetInt32(37),
        },
        Cost = row.IsDBNull(38) ? null : row.GetDecimal(38),
        Cache = (ResultCache)row.GetInt16(36),
        StartAt = PostgresRows.Time(row, 28),
        StartsLater = row.GetInt16(29) != 0,
        Deadline = PostgresRows.Time(row, 30),
        IsPaused = row.GetInt16(31) != 0,
        PausedUntil = PostgresRows.Time(row, 40),
        IsChanging = row.GetBoolean(39),
        MaxParallel = row.GetInt32(32),
        Owner = PostgresRows.TextOrNull(row, 33),
        SourceJob = row.IsDBNull(34) ? null : row.GetGuid(34),
        Tags = JobLabels.Split(PostgresRows.TextOrNull(row, 35)),
    };

    /// <summary>A result, as it was judged last, of the columns from <paramref name="column"/> on.</summary>
    public static byte[] ReadOutput(NpgsqlDataReader row, int column)
    {
        var recorded = row.GetFieldValue<byte[]>(column);
        return row.IsDBNull(column + 1) ? recorded : ResultEdits.Apply(recorded, row.GetFieldValue<byte[]>(column + 1));
    }

    public static TaskView ReadTask(NpgsqlDataReader row)
    {
        var input = row.IsDBNull(5) ? [] : row.GetFieldValue<byte[]>(5);
        return new()
        {
            Key = row.GetInt64(0),
            Version = row.GetInt32(1),
            State = (TaskState)row.GetInt16(2),
            Attempt = row.GetInt32(3),
            CancelRequested = row.GetInt16(4) != 0,
            Input = StoredInput.InRow(input),
            LargeInput = StoredInput.Find(input),
            ErrorKind = (ErrorKind)row.GetInt16(6),
            ErrorMessage = PostgresRows.TextOrNull(row, 7),
            ProcessingMs = row.IsDBNull(8) ? null : row.GetDouble(8),
            StartedAt = PostgresRows.Time(row, 9),
            FinishedAt = PostgresRows.Time(row, 10),
            DueAt = PostgresRows.Time(row, 11),
            Item = new ItemName(PostgresRows.TextOrNull(row, 12), PostgresRows.TextOrNull(row, 13)),
            IsCached = row.GetInt16(14) != 0,
            Cost = row.IsDBNull(15) ? null : row.GetDecimal(15),
            Output = row.IsDBNull(16) ? default : ReadOutput(row, 16),
        };
    }
}
