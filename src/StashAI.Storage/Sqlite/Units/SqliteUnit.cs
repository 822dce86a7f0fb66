using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Units;

/// <summary>
/// Collects one operation's changes to tasks, so that each job's counters are updated once, in the same transaction (S5), and the live feed
/// gets the changes after the commit. Every operation that changes a task's state uses this class.
/// </summary>
internal sealed class SqliteUnit(SqliteSession session)
{
    private const string MoveCounters = $"""
        UPDATE queue_jobs AS j SET
            total = total + ?2,
            -- Available tasks of a job that starts later count as scheduled: starting it changes only the job's row.
            available = available + CASE waiting WHEN 0 THEN ?3 ELSE 0 END,
            scheduled = scheduled + ?4 + CASE waiting WHEN 0 THEN 0 ELSE ?3 END,
            running = running + ?5,
            completed = completed + ?6, failed = failed + ?7, cancelled = cancelled + ?8, requeued = requeued + ?9,
            processing_ms = processing_ms + ?10,
            next_ordinal = COALESCE(?11, next_ordinal),
            vtime = COALESCE(?12, CASE
                WHEN available = 0 AND ?3 > 0 AND waiting = 0 THEN {SqliteFairStart.OfJob}
                WHEN available > 0 AND running >= max_parallel AND running + ?5 < max_parallel THEN {SqliteFairStart.OfFull}
                ELSE vtime END),
            -- A job that is served falls back to its own priority. Its wait counts from then, or from when it has tasks again.
            effective_priority = CASE WHEN ?12 IS NULL THEN effective_priority ELSE priority END,
            waiting_since = CASE WHEN ?12 IS NOT NULL OR ((available = 0 OR running >= max_parallel)
                AND available + ?3 > 0 AND running + ?5 < max_parallel) THEN stashai_now() ELSE waiting_since END,
            version = version + 1, updated_at = stashai_now()
        WHERE id = ?1
        RETURNING public_id, version, state, started_at, service, single_task,
            total, available, scheduled, running, completed, failed, cancelled, waiting, updated_at,
            available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel
                AND NOT (available - CASE waiting WHEN 0 THEN ?3 ELSE 0 END > 0 AND running - ?5 < max_parallel)
        """;

    private const string MoveState = """
        UPDATE queue_jobs SET state = ?2,
            started_at = CASE WHEN ?3 THEN COALESCE(started_at, stashai_now()) ELSE started_at END,
            finished_at = CASE WHEN ?4 THEN stashai_now() END
        WHERE id = ?1
        """;

    private const string MoveCached = "UPDATE queue_jobs SET cached = cached + ?2 WHERE id = ?1";

    private const string MoveTotal = """
        INSERT INTO totals (service, kind, state, node_id, count) VALUES (?1, ?2, ?3, 0, ?4)
        ON CONFLICT DO UPDATE SET count = count + excluded.count
        """;

    /// <summary>The kind of totals for jobs that are no single tasks.</summary>
    private const int ListedJob = 1;

    private readonly SortedDictionary<long, CounterDelta> jobs = [];
    private readonly Dictionary<(string Service, int Kind, int State), int> totals = [];
    private readonly List<TaskChange> tasks = [];

    /// <summary>True when a changed job can give tasks that could give none before; known after <see cref="Finish"/>.</summary>
    public bool HasNewWork { get; private set; }

    /// <summary>The collected changes of one job.</summary>
    public CounterDelta Job(long jobKey)
    {
        if (!jobs.TryGetValue(jobKey, out var delta)) jobs.Add(jobKey, delta = new CounterDelta());
        return delta;
    }

    /// <summary>Notes a changed task.</summary>
    public void Changed(long taskKey, int version, TaskState state) => tasks.Add(new TaskChange(taskKey, version, state));

    /// <summary>Updates the counters of every changed job, in id order (S13); returns all changes.</summary>
    public ChangeSet Finish()
    {
        var changes = new List<JobChange>(jobs.Count);
        foreach (var (key, delta) in jobs)
        {
            if (Move(key, delta) is { } change) changes.Add(change);
        }

        foreach (var (key, count) in totals)
        {
            if (count != 0) session.Use(MoveTotal).Bind(1, key.Service).Bind(2, key.Kind).Bind(3, key.State).Bind(4, count).Run();
        }

        return new ChangeSet(tasks, changes);
    }

    /// <summary>Changes a total that does not follow from a task's change of state.</summary>
    public void Total(string service, int kind, int state, int count)
    {
        if (count == 0) return;
        totals[(service, kind, state)] = totals.GetValueOrDefault((service, kind, state)) + count;
    }

    private JobChange? Move(long key, CounterDelta delta)
    {
        var move = session.Use(MoveCounters).Bind(1, key).Bind(2, delta.Total)
            .Bind(3, delta[TaskState.Available]).Bind(4, delta[TaskState.Scheduled]).Bind(5, delta[TaskState.Running])
            .Bind(6, delta[TaskState.Completed]).Bind(7, delta[TaskState.Failed]).Bind(8, delta[TaskState.Cancelled])
            .Bind(9, delta.Requeued).Bind(10, delta.ProcessingMs).Bind(11, delta.NextOrdinal).Bind(12, delta.VirtualTime);
        if (!move.Step()) return null;
        var id = move.Guid(0);
        var version = move.Int64(1);
        var before = (JobState)move.Int32(2);
        long? startedAt = move.IsNull(3) ? null : move.Int64(3);
        var service = move.Text(4);
        var kind = 1 + move.Int32(5);
        var counters = new JobCounters(
            move.Int32(6), move.Int32(7), move.Int32(8), move.Int32(9), move.Int32(10), move.Int32(11), move.Int32(12));
        var now = move.Int64(14);
        HasNewWork |= move.Int32(15) != 0;
        if (move.Int32(13) != 0) delta.Move(TaskState.Available, TaskState.Scheduled, delta[TaskState.Available]);
        move.Reset();

        if (delta.Cached != 0) session.Use(MoveCached).Bind(1, key).Bind(2, delta.Cached).Run();
        foreach (var (error, errors) in delta.Errors) SqliteErrors.Move(session, key, error, errors.Count, errors.Example);
        foreach (var (fingerprint, failures) in delta.Failures) SqliteFailures.Move(session, key, fingerprint, failures);
        var (completed, failed) = (Math.Max(0, delta[TaskState.Completed]), Math.Max(0, delta[TaskState.Failed]));
        if (kind == ListedJob && completed + failed > 0) SqliteTimelines.Count(session, key, startedAt ?? now, now, completed, failed);
        for (var state = TaskState.Available; state <= TaskState.Cancelled; state++) Total(service, 0, (int)state, delta[state]);
        var started = startedAt is not null || counters.Running > 0;
        var after = JobStateMachine.From(counters, started);
        if (after != before)
        {
            session.Use(MoveState).Bind(1, key).Bind(2, (int)after).Bind(3, started ? 1 : 0)
                .Bind(4, JobStateMachine.IsTerminal(after) ? 1 : 0).Run();
            if (before != JobState.Staging) Total(service, kind, (int)before, -1);
            Total(service, kind, (int)after, 1);
        }

        return new JobChange(key, id, version, before, after);
    }
}
