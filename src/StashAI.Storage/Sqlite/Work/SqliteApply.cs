using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Subjects;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>Records the outcomes of attempts, each once and only if its fence is valid (S4).</summary>
internal static class SqliteApply
{
    private const string CompleteAt = """
        UPDATE queue_tasks SET state = 3 /* Completed */, version = version + 1, finished_at = ?7, processing_ms = ?4, http_status = ?5,
            error_kind = 0 /* None */, error_message = NULL, due_at = NULL, throttled_since = NULL, cancel_requested = 0,
            attempt = attempt - ?8, cached = ?8, cost = ?9
        WHERE id = ?1 AND fence = ?2 AND node_id = ?3 AND state = 2 /* Running */ AND version = ?6 -- S4
        """;

    private const string ReadVersion = "SELECT version FROM queue_tasks WHERE id = ?1";

    private const string SaveOutput = "INSERT INTO task_results (task_id, output) VALUES (?1, ?2)";

    private const string SaveDerived = "INSERT OR REPLACE INTO task_derived (task_id, data) VALUES (?1, ?2)";

    private const string ReadHeld = $"""
        SELECT cancel_requested, MIN(COALESCE(throttled_since, stashai_now()), stashai_now()), stashai_now(), {SqliteClock.Trusted}, broke_at
        FROM queue_tasks WHERE id = ?1 AND fence = ?2 AND node_id = ?3 AND state = 2 /* Running */ -- S4
        """;

    private const string MoveOn = """
        UPDATE queue_tasks SET state = ?2, version = version + 1, attempt = attempt - ?3, due_at = stashai_now() + ?4,
            finished_at = CASE WHEN ?5 THEN stashai_now() END, processing_ms = ?6, http_status = ?7,
            error_kind = ?8, error_message = ?9, throttled_since = ?10, cancel_requested = 0, fingerprint = ?11
        WHERE id = ?1
        RETURNING version, requeued
        """;

    // A claim that ended without a call: what was stored of the last one stays, unless the claim has an error of its own.
    private const string MoveBack = """
        UPDATE queue_tasks SET state = ?2, version = version + 1, attempt = attempt - ?3, due_at = stashai_now() + ?4, finished_at = NULL,
            error_kind = CASE ?5 WHEN 0 /* None */ THEN error_kind ELSE ?5 END,
            error_message = CASE ?5 WHEN 0 /* None */ THEN error_message ELSE ?6 END, cancel_requested = 0, fingerprint = NULL
        WHERE id = ?1
        RETURNING version, requeued
        """;

    private const string SaveAttempt = """
        INSERT OR IGNORE INTO task_attempts
            (task_id, fence, attempt, node_id, started_at, ended_at, event, http_status, error_kind, error_message, answer_head)
        SELECT id, fence, attempt, node_id, started_at, stashai_now(), ?2, ?3, ?4, ?5, ?6 FROM queue_tasks WHERE id = ?1
        """;

    private const string ReadJob = "SELECT broke_at, broke_completed, completed FROM queue_jobs WHERE id = ?1";

    private const string SaveTaskFailure = "UPDATE queue_tasks SET broke_at = ?2 WHERE id = ?1";

    private const string SaveJobFailure = "UPDATE queue_jobs SET broke_at = ?2, broke_completed = ?3 WHERE id = ?1";

    private const string BlockLane = """
        UPDATE lanes SET blocked_until = MAX(blocked_until, stashai_now() + ?2)
        WHERE id = (SELECT lane_id FROM queue_jobs WHERE id = ?1)
        """;

    // The bucket is cut to its size when it is filled again.
    private const string ReturnToken = "UPDATE lanes SET rate_tokens = rate_tokens + 1 WHERE id = ?1 AND rate_updated_at IS NOT NULL";

    private const string ReadFence = "SELECT fence, state, node_id FROM queue_tasks WHERE id = ?1";

    public static AppliedBatch Run(SqliteSession session, long nodeKey, IReadOnlyList<AttemptResult> results)
    {
        var unit = new SqliteUnit(session);
        var aggregates = new SqliteAggregates(session);
        var subjects = new SqliteSubjects(session);
        var circuits = new SqliteCircuits(session);
        var costs = new SqliteCosts(session);
        var failures = new FailureBatch();
        var statuses = new ApplyStatus[results.Count];
        var now = session.Now();
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            var done = result.Event == TaskEvent.Succeed
                ? CompleteTask(session, unit, circuits, costs, nodeKey, result, now)
                : MoveTask(session, unit, circuits, failures, nodeKey, result);
            if (done == ApplyStatus.Applied && result.Event == TaskEvent.Succeed)
            {
                aggregates.Add(TaskKey.JobOf(result.Task.Key), result.Part);
                subjects.Add(result.Task.Key, result.Subjects);
            }

            statuses[i] = done ?? Explain(session, nodeKey, result.Task);
        }

        subjects.Finish();
        costs.Finish(now);
        var changes = unit.Finish() with { Lanes = circuits.Finish() };
        return new AppliedBatch(statuses, changes) { HasNewWork = unit.HasNewWork, FoldError = aggregates.Finish() };
    }

    private static ApplyStatus? CompleteTask(
        SqliteSession session, SqliteUnit unit, SqliteCircuits circuits, SqliteCosts costs, long nodeKey, AttemptResult result, long now)
    {
        var task = result.Task;
        var version = task.Version;
        if (!Complete(version))
        {
            // A cancel may have increased the version since the claim; reading it each time would double the cost.
            version = (int)(session.Use(ReadVersion).Bind(1, task.Key).Scalar() ?? 0);
            if (version == task.Version || !Complete(version)) return null;
        }

        circuits.Record(task.Job.LaneKey, CircuitPolicy.SignalOf(result));
        if (OutcomeRules.ReturnsTokens(result)) session.Use(ReturnToken).Bind(1, task.Job.LaneKey).Run();
        session.Use(SaveOutput).Bind(1, task.Key).Bind(2, result.Output.Span).Run();
        if (!result.Derived.IsEmpty) session.Use(SaveDerived).Bind(1, task.Key).Bind(2, result.Derived.Span).Run();
        var delta = unit.Job(task.Job.Key);
        delta.Move(TaskState.Running, TaskState.Completed);
        if (result.Cost is { } cost) costs.Add(task.Job.Key, cost);
        if (result.IsCached) delta.Cached++;
        else if (!result.ResultKey.IsEmpty) SqliteKnownResults.Save(session, result.ResultKey, task.Key, version + 1);
        delta.ProcessingMs += result.Duration.TotalMilliseconds;
        unit.Changed(task.Key, version + 1, TaskState.Completed);
        return ApplyStatus.Applied;

        bool Complete(int from) => session.Use(CompleteAt).Bind(1, task.Key).Bind(2, task.Fence).Bind(3, nodeKey)
            .Bind(4, result.Duration.TotalMilliseconds).Bind(5, result.Call.HttpStatus).Bind(6, from).Bind(7, now)
            .Bind(8, result.IsCached ? 1 : 0).Bind(9, SqliteDecimal.Text(result.Cost)).Run() > 0;
    }

    private static ApplyStatus? MoveTask(
        SqliteSession session, SqliteUnit unit, SqliteCircuits circuits, FailureBatch failures, long nodeKey, AttemptResult result)
    {
        var task = result.Task;
        var held = session.Use(ReadHeld).Bind(1, task.Key).Bind(2, task.Fence).Bind(3, nodeKey);
        if (!held.Step()) return null;
        var cancelRequested = held.Int32(0) != 0;
        var throttledSince = held.Int64(1);
        var (now, trusted) = (held.Int64(2), held.Int64(3));
        long? broke = held.IsNull(4) ? null : held.Int64(4);
        held.Reset();

        var (taskEvent, kind, message) = (result.Event, result.ErrorKind, result.ErrorMessage);
        var delay = result.Delay;
        var signal = CircuitPolicy.SignalOf(result);
        if (signal == CircuitSignal.Failed) signal = RecordFailure(session, circuits, task, broke);
        circuits.Record(task.Job.LaneKey, signal);
        if (OutcomeRules.MayPark(signal) && circuits.Find(task.Job.LaneKey).Circuit is { IsParked: true } circuit)
            (taskEvent, delay) = (TaskEvent.Park, OutcomeRules.ParkDelay(circuit, now, delay));

        if (taskEvent == TaskEvent.Throttle && trusted - throttledSince > (long)OutcomeRules.ThrottleLimit.TotalMilliseconds)
        {
            taskEvent = TaskEvent.Fail;
        }

        if (cancelRequested && taskEvent is not (TaskEvent.Fail or TaskEvent.Abort))
            (taskEvent, kind, message) = (TaskEvent.Abort, ErrorKind.Cancelled, OutcomeRules.CancelledWhileRunning);

        var transition = TaskStateMachine.Find(TaskState.Running, taskEvent)
            ?? throw new InvalidOperationException($"A running task has no transition for {taskEvent}.");
        var isTerminal = TaskStateMachine.IsTerminal(transition.To);
        var givesBack = transition.Effect.HasFlag(TaskEffect.GiveAttemptBack);
        var requeues = transition.Effect.HasFlag(TaskEffect.Requeue);

        if (OutcomeRules.ReturnsTokens(result)) session.Use(ReturnToken).Bind(1, task.Job.LaneKey).Run();
        if (OutcomeRules.IsAttempt(result.Event))
        {
            session.Use(SaveAttempt).Bind(1, task.Key).Bind(2, (int)taskEvent).Bind(3, result.Call.HttpStatus)
                .Bind(4, (int)kind).Bind(5, message).Bind(6, result.Call.AnswerHead).Run();
        }

        var failure = transition.To == TaskState.Failed ? failures.Of(kind, result.Call.HttpStatus, message) : null;
        var delayMs = OutcomeRules.StoredDelayMs(taskEvent, delay);
        if (taskEvent == TaskEvent.Throttle)
            delayMs = Math.Max(delayMs, Math.Min((long)result.GrowsUpTo.TotalMilliseconds, now - throttledSince));
        var move = session.Use(OutcomeRules.IsAttempt(taskEvent) ? MoveOn : MoveBack)
            .Bind(1, task.Key).Bind(2, (int)transition.To).Bind(3, givesBack ? 1 : 0);
        if (transition.To == TaskState.Scheduled) move.Bind(4, delayMs);
        if (OutcomeRules.IsAttempt(taskEvent))
        {
            move.Bind(5, isTerminal ? 1 : 0).Bind(7, result.Call.HttpStatus).Bind(8, (int)kind).Bind(9, message)
                .Bind(11, failure?.Fingerprint);
            if (result.Duration > TimeSpan.Zero) move.Bind(6, result.Duration.TotalMilliseconds);
            if (taskEvent == TaskEvent.Throttle) move.Bind(10, throttledSince);
        }
        else
        {
            move.Bind(5, (int)kind).Bind(6, message);
        }

        move.Step();
        var (version, isSuspect) = (move.Int32(0), move.Int32(1) == 2);
        move.Reset();

        if (transition.Effect.HasFlag(TaskEffect.BlockLane) && OutcomeRules.BlocksLane(result))
            session.Use(BlockLane).Bind(1, task.Job.Key).Bind(2, OutcomeRules.LaneDelayMs(result)).Run();

        var delta = unit.Job(task.Job.Key);
        delta.Move(TaskState.Running, transition.To);
        if (requeues && !isSuspect) delta.Requeued++;
        if (failure is not null) delta.Failed(failure, task.Key);
        unit.Changed(task.Key, version, transition.To);
        return taskEvent == TaskEvent.Park ? ApplyStatus.Parked : ApplyStatus.Applied;
    }

    /// <summary>Remembers a failed call of a task, and returns what it shows about the service.</summary>
    private static CircuitSignal RecordFailure(SqliteSession session, SqliteCircuits circuits, ClaimedTask task, long? broke)
    {
        var row = session.Use(ReadJob).Bind(1, task.Job.Key);
        if (!row.Step()) return CircuitSignal.Failed;
        var breaker = new RepeatedFailure(broke, row.IsNull(0) ? null : row.Int64(0), row.Int32(1), row.Int32(2));
        row.Reset();
        var answers = circuits.AnswersOf(task.Job.LaneKey);
        var after = breaker.After(answers);
        if (after.TaskFailedAt != breaker.TaskFailedAt) session.Use(SaveTaskFailure).Bind(1, task.Key).Bind(2, after.TaskFailedAt).Run();
        if (after with { TaskFailedAt = breaker.TaskFailedAt } != breaker)
            session.Use(SaveJobFailure).Bind(1, task.Job.Key).Bind(2, after.JobFailedAt).Bind(3, after.JobCompletedThen).Run();
        return breaker.SignalOf(CircuitSignal.Failed, answers);
    }

    private static ApplyStatus Explain(SqliteSession session, long nodeKey, ClaimedTask task)
    {
        var row = session.Use(ReadFence).Bind(1, task.Key);
        if (!row.Step()) return ApplyStatus.LeaseLost;
        var isOurs = row.Int32(0) == task.Fence && row.Int32(1) != (int)TaskState.Running && !row.IsNull(2) && row.Int64(2) == nodeKey;
        row.Reset();
        return isOurs ? ApplyStatus.AlreadyApplied : ApplyStatus.LeaseLost;
    }
}
