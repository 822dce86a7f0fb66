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
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Jobs;
using StashAI.Storage.Sqlite.Units;
using StashAI.Storage.Sqlite.Work;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>Reads jobs, tasks, payloads and lanes.</summary>
internal sealed class SqliteRead(SqliteReaders readers, IPayloads payloads) : IRead
{
    private const int MaxPageBytes = 4 * 1024 * 1024;

    private const string JobColumns = """
        SELECT id, public_id, version, state, service, job_type, task_type, upstream, name, single_task, user_id, session_id,
            priority, max_attempts, config, payload_bytes, processing_ms, created_at, started_at, finished_at, updated_at,
            total, available, scheduled, running, completed, failed, cancelled, start_at, waiting, deadline_at, paused,
            max_parallel, owner, source_job,
            (SELECT group_concat(value, char(10)) FROM job_labels WHERE job_id = queue_jobs.id AND kind = 0 /* a tag */),
            cache, cached, cost, retry_scope + retry_steps > 0, pause_ends_at
        FROM queue_jobs
        """;

    // The tasks of a job that starts later are stored as available, and shown as scheduled.
    private const string StartsLater = "(SELECT start_at FROM queue_jobs WHERE id = t.id >> 24 AND waiting = 1)";

    private const string ShownState = $"CASE WHEN t.state = 0 /* Available */ AND {StartsLater} IS NOT NULL THEN "
        + "1 /* Scheduled */ ELSE t.state END";

    public const string TaskColumns = $"""
        {FirstColumns} (SELECT input FROM task_inputs WHERE task_id = t.id), {MiddleColumns},
            (SELECT item_name FROM task_inputs WHERE task_id = t.id), (SELECT item_id FROM task_inputs WHERE task_id = t.id), {LastColumns}
        """;

    private const string FirstColumns = $"SELECT t.id, t.version, {ShownState}, t.attempt, t.cancel_requested,";

    private const string MiddleColumns = $"""
        t.error_kind, t.error_message, t.processing_ms, t.started_at, t.finished_at,
            CASE t.state WHEN 0 THEN {StartsLater} ELSE t.due_at END
        """;

    private const string LastColumns = "t.cached, t.cost";

    // A join looks an input up once, where a subquery for each column would open the table and search it each time.
    private const string JoinedColumns = $"{FirstColumns} i.input, {MiddleColumns}, i.item_name, i.item_id, {LastColumns}";

    private const string JoinedTasks = "queue_tasks t LEFT JOIN task_inputs i ON i.task_id = t.id";

    /// <summary>The result r as <see cref="ReadOutput"/> reads it.</summary>
    public const string OutputColumns = "r.output, (SELECT edits FROM task_judgements WHERE task_id = r.task_id)";

    /// <summary>How many columns <see cref="ReadTask"/> reads: those of a task, and those of its result.</summary>
    public const int ReadColumns = 18;

    private const string JobById = $"{JobColumns} WHERE public_id = ?1 AND state <> 6 /* Staging */";

    private const string JobByKey = $"{JobColumns} WHERE id = ?1 AND state <> 6 /* Staging */";

    // The tasks of an upload that is not complete are hidden too.
    private const string IsCommitted = "EXISTS (SELECT 1 FROM queue_jobs WHERE id = ?1 >> 24 AND state <> 6 /* Staging */)";

    private const string TaskByKey = $"{JoinedColumns}, NULL FROM {JoinedTasks} WHERE t.id = ?1 AND {IsCommitted}";

    private const string TaskByKeyWithOutput = $"""
        {JoinedColumns}, {OutputColumns} FROM {JoinedTasks} LEFT JOIN task_results r ON r.task_id = t.id
        WHERE t.id = ?1 AND {IsCommitted}
        """;

    private const string TasksOfJob =
        $"{JoinedColumns}, NULL FROM {JoinedTasks} WHERE t.id >= ?1 AND t.id < ?2 AND {IsCommitted} ORDER BY t.id LIMIT ?3";

    private const string TasksOfJobWithOutput = $"""
        {JoinedColumns}, {OutputColumns} FROM {JoinedTasks} LEFT JOIN task_results r ON r.task_id = t.id
        WHERE t.id >= ?1 AND t.id < ?2 AND {IsCommitted} ORDER BY t.id LIMIT ?3
        """;

    private const string Totals = "SELECT service, state, SUM(count) FROM totals WHERE kind = ?1 GROUP BY service, state";

    private const string Payloads = $"""
        SELECT t.payload_id, t.slot, t.data_url_prefix, p.size
        FROM task_payloads t JOIN payloads p ON p.id = t.payload_id WHERE t.task_id = ?1 AND t.ordinal >= 0 AND {IsCommitted} ORDER BY t.ordinal
        """;

    private const string TaskVersion = $"SELECT version, {ShownState} FROM queue_tasks t WHERE id = ?1 AND {IsCommitted}";

    private const string UrgentVersions = """
        SELECT id, public_id, version, state FROM queue_jobs INDEXED BY queue_jobs_urgent
        WHERE state IN (0, 1) /* Pending, Running */ ORDER BY priority DESC, id DESC LIMIT ?1
        """;

    private const string NewestVersions =
        "SELECT id, public_id, version, state FROM queue_jobs WHERE state <> 6 /* Staging */ ORDER BY id DESC LIMIT ?1";

    private const string JobVersion = "SELECT public_id, version, state FROM queue_jobs WHERE id = ?1 AND state <> 6 /* Staging */";

    public Task<JobView?> FindJobAsync(Guid jobId, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => FindJob(session, jobId), cancellationToken);

    public Task<EnqueuedJob?> FindRepeatedAsync(
        string idempotencyKey, ReadOnlyMemory<byte> requestHash, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteIdempotency.FindKept(session, idempotencyKey, requestHash.Span), cancellationToken);

    public Task<IReadOnlyList<JobView>> FindJobsAsync(IReadOnlyList<long> jobKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => FindJobs(session, jobKeys), cancellationToken);

    public Task<IReadOnlyList<TaskView>> FindTasksAsync(
        IReadOnlyList<long> taskKeys, bool withOutput, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<TaskView>>(session => FindTasks(session, taskKeys, withOutput), cancellationToken);

    public Task<(IReadOnlyList<TaskView> Tasks, IReadOnlyList<JobView> Jobs)> FindTasksWithJobsAsync(
        IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync<(IReadOnlyList<TaskView>, IReadOnlyList<JobView>)>(
            session => (
                FindTasks(session, taskKeys, withOutput: true), FindJobs(session, [.. taskKeys.Select(TaskKey.JobOf).Distinct()])),
            cancellationToken);

    public Task<JobPage> ListJobsAsync(JobFilter filter, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteJobList.Read(session, filter), cancellationToken);

    public Task<JobQueryPage> QueryJobsAsync(JobQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteJobList.Query(session, query), cancellationToken);

    public Task<IReadOnlyList<TaskView>> ListTasksAsync(
        long jobKey, int fromOrdinal, int limit, bool withOutput, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<TaskView>>(
            session => ListTasks(session, jobKey, fromOrdinal, limit, withOutput), cancellationToken);

    public Task<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteTaskList.Read(session, filter), cancellationToken);

    public async Task<TaskQueryPage> QueryTasksAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        var found = await readers.ReadAsync(session => SqliteTaskQuery.Read(session, query), cancellationToken);
        return await found.PageAsync(payloads, cancellationToken);
    }

    public async Task<byte[]?> FindFirstInputAsync(long taskKey, CancellationToken cancellationToken)
    {
        var stored = await readers.ReadAsync(
            session =>
            {
                var row = session.Use("SELECT first_input FROM task_inputs WHERE task_id = ?1 AND first_input IS NOT NULL")
                    .Bind(1, taskKey);
                return row.Step() ? row.Blob(0) : null;
            },
            cancellationToken);
        return await LargeInputs.ResolveAsync(stored, payloads, cancellationToken);
    }

    public Task<IReadOnlyList<AttemptView>> ListAttemptsAsync(long taskKey, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteAttempts.ListAttempts(session, taskKey, limit), cancellationToken);

    public Task<IReadOnlyDictionary<long, AttemptView>> FindLastAttemptsAsync(
        IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteAttempts.FindLast(session, taskKeys), cancellationToken);

    public Task<IReadOnlyList<FailureGroup>> ListFailuresAsync(JobView job, CancellationToken cancellationToken) => readers.ReadAsync(
        session => UngroupedFailures.AddTo(
            SqliteFailures.Of(session, job.Key), SqliteErrors.Of(session, job.Key), IRead.MaxFailureGroups),
        cancellationToken);

    public Task<IReadOnlyList<ItemPair>> ListPairsAsync(
        long firstKey, long secondKey, bool isRerun, int fromOrdinal, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => SqlitePairs.Read(session, firstKey, secondKey, isRerun, fromOrdinal, limit), cancellationToken);

    public Task<FailureGroup?> FindFailureAsync(long jobKey, long fingerprint, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteFailures.FindOf(session, jobKey, fingerprint), cancellationToken);

    public Task<ILookup<long, PayloadRef>> ListPayloadsAsync(IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ListPayloads(session, taskKeys), cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPayloadAsync(long payloadKey, long size, CancellationToken cancellationToken) =>
        payloads.ReadPayloadAsync(payloadKey, size, cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPayloadAsync(PayloadRef payload, CancellationToken cancellationToken) =>
        payloads.ReadPayloadAsync(payload, cancellationToken);

    public Task<int?> ReadPayloadChunkAsync(long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken) =>
        payloads.ReadPayloadChunkAsync(payloadKey, sequence, destination, cancellationToken);

    public Task<ChangeSet> ReadLatestVersionsAsync(int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadLatestVersions(session, limit), cancellationToken);

    public Task<ChangeSet> ReadVersionsAsync(
        IReadOnlyList<long> jobKeys, IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadVersions(session, jobKeys, taskKeys), cancellationToken);

    public Task<QueueTotals> ReadTotalsAsync(CancellationToken cancellationToken) => readers.ReadAsync(ReadTotals, cancellationToken);

    public Task<IReadOnlyList<ServiceDepth>> ReadDepthsAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(SqliteDepths.Read, cancellationToken);

    public Task<IReadOnlyList<LaneView>> ListLanesAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(SqliteLanes.List, cancellationToken);

    public Task<IReadOnlyList<ServiceLimits>> ListLimitsAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(SqliteLimits.List, cancellationToken);

    public Task<IReadOnlyList<NodeView>> ListNodesAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(SqliteNodeList.List, cancellationToken);

    public Task<Pauses> ReadPausesAsync(CancellationToken cancellationToken) => readers.ReadAsync(SqlitePauses.Read, cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.Use("SELECT COUNT(*) FROM (SELECT 1 FROM queue_jobs LIMIT 1)").Scalar(), cancellationToken);

    /// <summary>Jobs by internal key, within the caller's session.</summary>
    public static IReadOnlyList<JobView> FindJobs(SqliteSession session, IReadOnlyList<long> keys)
    {
        var jobs = new List<JobView>(keys.Count);
        foreach (var key in keys)
        {
            var row = session.Use(JobByKey).Bind(1, key);
            if (row.Step()) jobs.Add(ReadJob(row));
        }

        return jobs;
    }

    private static JobView? FindJob(SqliteSession session, Guid jobId)
    {
        var row = session.Use(JobById).Bind(1, jobId);
        if (!row.Step()) return null;
        var job = ReadJob(row);
        return job with { Aggregate = SqliteAggregates.Of(session, job.Key), Errors = SqliteErrors.Of(session, job.Key) };
    }

    private static List<TaskView> FindTasks(SqliteSession session, IReadOnlyList<long> keys, bool withOutput)
    {
        var tasks = new List<TaskView>(keys.Count);
        foreach (var key in keys)
        {
            var row = session.Use(withOutput ? TaskByKeyWithOutput : TaskByKey).Bind(1, key);
            if (row.Step()) tasks.Add(ReadTask(row));
        }

        return tasks;
    }

    private static List<TaskView> ListTasks(SqliteSession session, long jobKey, int fromOrdinal, int limit, bool withOutput)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromOrdinal);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var tasks = new List<TaskView>(Math.Min(limit, 1000));
        var rows = session.Use(withOutput ? TasksOfJobWithOutput : TasksOfJob)
            .Bind(1, TaskKey.From(jobKey, fromOrdinal)).Bind(2, TaskKey.From(jobKey + 1, 0)).Bind(3, limit);
        for (var bytes = 0; bytes < MaxPageBytes && rows.Step();)
        {
            var task = ReadTask(rows);
            tasks.Add(task);
            bytes += task.Output.Length + task.Input.Length;
        }

        return tasks;
    }

    private static QueueTotals ReadTotals(SqliteSession session)
    {
        var count = new long[6];
        var rows = session.Use(Totals).Bind(1, 0);
        while (rows.Step()) count[rows.Int32(1)] += rows.Int64(2);
        return new QueueTotals(count[0], count[1], count[2], count[3], count[4], count[5]);
    }

    private static ILookup<long, PayloadRef> ListPayloads(SqliteSession session, IReadOnlyList<long> taskKeys)
    {
        var payloads = new List<(long Task, PayloadRef Part)>(taskKeys.Count);
        foreach (var key in taskKeys)
        {
            var rows = session.Use(Payloads).Bind(1, key);
            while (rows.Step()) payloads.Add((key, new PayloadRef(rows.Int64(0), rows.Text(1), rows.TextOrNull(2), rows.Int64(3))));
        }

        return payloads.ToLookup(one => one.Task, one => one.Part);
    }

    private static ChangeSet ReadLatestVersions(SqliteSession session, int limit)
    {
        var jobs = new Dictionary<long, JobChange>();
        foreach (var statement in (string[])[UrgentVersions, NewestVersions])
        {
            var row = session.Use(statement).Bind(1, limit);
            while (row.Step())
            {
                var state = (JobState)row.Int32(3);
                jobs[row.Int64(0)] = new JobChange(row.Int64(0), row.Guid(1), row.Int64(2), state, state);
            }
        }

        return new ChangeSet([], [.. jobs.Values]);
    }

    private static ChangeSet ReadVersions(SqliteSession session, IReadOnlyList<long> jobKeys, IReadOnlyList<long> taskKeys)
    {
        var tasks = new List<TaskChange>(taskKeys.Count);
        foreach (var key in taskKeys)
        {
            var row = session.Use(TaskVersion).Bind(1, key);
            if (row.Step()) tasks.Add(new TaskChange(key, row.Int32(0), (TaskState)row.Int32(1)));
        }

        var jobs = new List<JobChange>(jobKeys.Count);
        foreach (var key in jobKeys)
        {
            var row = session.Use(JobVersion).Bind(1, key);
            if (row.Step()) jobs.Add(new JobChange(key, row.Guid(0), row.Int64(1), (JobState)row.Int32(2), (JobState)row.Int32(2)));
        }

        return new ChangeSet(tasks, jobs);
    }

    private static JobView ReadJob(SqliteStatement row) => new()
    {
        Key = row.Int64(0),
        JobId = row.Guid(1),
        Version = row.Int64(2),
        State = (JobState)row.Int32(3),
        Service = row.Text(4),
        JobType = row.Text(5),
        TaskType = row.Text(6),
        Upstream = new Uri(row.Text(7)),
        Name = row.Text(8),
        IsSingleTask = row.Int32(9) != 0,
        UserId = row.TextOrNull(10),
        SessionId = row.TextOrNull(11),
        Priority = row.Int32(12),
        MaxAttempts = row.Int32(13),
        Config = row.Blob(14),
        PayloadBytes = row.Int64(15),
        ProcessingTime = TimeSpan.FromMilliseconds(row.Real(16)),
        CreatedAt = Time(row, 17)!.Value,
        StartedAt = Time(row, 18),
        FinishedAt = Time(row, 19),
        UpdatedAt = Time(row, 20)!.Value,
        Counters = new JobCounters(
            row.Int32(21), row.Int32(22), row.Int32(23), row.Int32(24), row.Int32(25), row.Int32(26), row.Int32(27))
        {
            Cached = row.Int32(37),
        },
        Cost = SqliteDecimal.Read(row, 38),
        Cache = (ResultCache)row.Int32(36),
        StartAt = Time(row, 28),
        StartsLater = row.Int32(29) != 0,
        Deadline = Time(row, 30),
        IsPaused = row.Int32(31) != 0,
        PausedUntil = Time(row, 40),
        IsChanging = row.Int32(39) != 0,
        MaxParallel = row.Int32(32),
        Owner = row.TextOrNull(33),
        SourceJob = row.IsNull(34) ? null : row.Guid(34),
        Tags = JobLabels.Split(row.TextOrNull(35)),
    };

    /// <summary>A result, as it was judged last, of the columns from <paramref name="column"/> on.</summary>
    public static byte[] ReadOutput(SqliteStatement row, int column)
    {
        var recorded = row.Blob(column);
        return row.IsNull(column + 1) ? recorded : ResultEdits.Apply(recorded, row.Blob(column + 1));
    }

    public static TaskView ReadTask(SqliteStatement row)
    {
        var input = row.Blob(5);
        return new()
        {
            Key = row.Int64(0),
            Version = row.Int32(1),
            State = (TaskState)row.Int32(2),
            Attempt = row.Int32(3),
            CancelRequested = row.Int32(4) != 0,
            Input = StoredInput.InRow(input),
            LargeInput = StoredInput.Find(input),
            ErrorKind = (ErrorKind)row.Int32(6),
            ErrorMessage = row.TextOrNull(7),
            ProcessingMs = row.IsNull(8) ? null : row.Real(8),
            StartedAt = Time(row, 9),
            FinishedAt = Time(row, 10),
            DueAt = Time(row, 11),
            Item = new ItemName(row.TextOrNull(12), row.TextOrNull(13)),
            IsCached = row.Int32(14) != 0,
            Cost = SqliteDecimal.Read(row, 15),
            Output = row.IsNull(16) ? default : ReadOutput(row, 16),
        };
    }

    private static DateTimeOffset? Time(SqliteStatement row, int column) =>
        row.IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(column));
}
