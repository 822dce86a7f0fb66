using System.Data.Common;
using System.Globalization;
using StashAI.Bench.Load;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Policies.Failures;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Bench.Pages;

/// <summary>
/// Fills a database with very many jobs of all states, with tags, owners, failures, a history of two days and an audit log, and with one
/// job of which every task failed. A few jobs come in the usual way and are copied by SQL, since a million submits would measure something
/// else. What the store keeps of them (totals, groups of failures) is then counted once, so that it is what the store would have kept.
/// </summary>
internal sealed class PageFill(LoadDatabase database, DbConnection connection)
{
    /// <summary>How many tasks the one big job has, all of them failed.</summary>
    public const int FailedTasks = 100_000;

    private const int Services = 5;
    private const int AuditEntries = 100_000;

    /// <summary>Nothing answers there: its lane waits behind an open circuit, so that nothing of the filling runs.</summary>
    private static readonly Uri Parked = new("http://127.0.0.1:9/");

    private static readonly byte[] Input = """{"text":"a photo of the harbour in the evening"}"""u8.ToArray();

    /// <summary>The failures that occur: twenty common ones, and one that only the oldest job has.</summary>
    private static readonly IReadOnlyList<Failure> Failures =
    [
        .. Enumerable.Range(0, 20).Select(i => (i % 4) switch
        {
            0 => Failure.Of(ErrorKind.Timeout, null, $"The service {Word(i)} did not answer in time"),
            1 => Failure.Of(ErrorKind.ServiceError, 500, $"The service {Word(i)} answered 500: out of memory"),
            2 => Failure.Of(ErrorKind.Rejected, 422, $"The item was rejected: {Word(i)} is too large"),
            _ => Failure.Of(ErrorKind.Connection, null, $"Connection refused by {Word(i)}"),
        }),
        Failure.Of(ErrorKind.AdapterFault, null, "A failure that one job has"),
    ];

    /// <summary>The fingerprint of failures that very many jobs have.</summary>
    public static string CommonFingerprint => Failure.Text(Failures[0].Fingerprint);

    /// <summary>The fingerprint of the failure that only the oldest job has.</summary>
    public static string RareFingerprint => Failure.Text(Failures[^1].Fingerprint);

    public static async Task RunAsync(LoadDatabase database, int jobs, int tasks, CancellationToken cancellationToken)
    {
        var templates = new List<EnqueuedJob>();
        long big;
        await using (var store = await database.OpenStoreAsync(cancellationToken))
        {
            for (var i = 0; i < Services; i++) templates.Add(await EnqueueAsync(store, $"bench_{i}", 1, cancellationToken));
            big = (await EnqueueAsync(store, "bench_0", FailedTasks, cancellationToken)).Key;
        }

        await using var connection = await database.ConnectAsync(cancellationToken);
        var fill = new PageFill(database, connection);
        await fill.JobsAsync(templates, big, jobs - Services - 1, (tasks - FailedTasks) / jobs, cancellationToken);
        await fill.HistoryAsync(cancellationToken);
        if (!database.IsPostgres) return;
        await fill.RunAsync(
            "SELECT setval(pg_get_serial_sequence('queue_jobs', 'id'), (SELECT MAX(id) FROM queue_jobs))", cancellationToken);
        await fill.RunAsync("VACUUM ANALYZE", cancellationToken);
    }

    private async Task JobsAsync(
        List<EnqueuedJob> templates, long big, int jobs, int tasksPerJob, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var start = now.AddHours(-20).ToUnixTimeMilliseconds();
        var step = 19 * 3_600_000L / jobs;
        await RunAsync(
            $"UPDATE lanes SET circuit_state = 2, circuit_until = {now.AddDays(30).ToUnixTimeMilliseconds()} WHERE authority LIKE '%:9'",
            cancellationToken);
        var last = await NumberAsync("SELECT MAX(id) FROM queue_jobs", cancellationToken);
        await RunAsync("CREATE TEMPORARY TABLE f (n integer, fingerprint bigint, kind integer, status integer, pattern text, message text)",
            cancellationToken);
        for (var i = 0; i < Failures.Count; i++)
        {
            var failure = Failures[i];
            await RunAsync(
                $"INSERT INTO f VALUES ({i}, {failure.Fingerprint}, {(int)failure.Kind}, {failure.HttpStatus?.ToString() ?? "NULL"}, "
                + $"'{failure.Pattern}', '{failure.Message}')",
                cancellationToken);
        }

        // Of 20 jobs: 12 completed, 3 failed, 2 partly, 1 cancelled, 2 open.
        string[] own =
        [
            "state", "name", "owner", "priority", "total", "available", "completed", "failed", "cancelled", "next_ordinal", "created_at",
            "updated_at", "started_at", "finished_at",
        ];
        var t = tasksPerJob;
        var half = t / 2;
        var m = "n.i % 20";
        var columns = await ColumnsAsync("queue_jobs", ["id", "public_id", .. own], cancellationToken);
        await RunAsync(
            $"""
            INSERT INTO queue_jobs (id, public_id, {string.Join(", ", own)}, {columns})
            SELECT {last} + n.i, {Uuid($"{start} + n.i * {step}", "n.i")},
                CASE WHEN {m} < 12 THEN 2 WHEN {m} < 15 THEN 4 WHEN {m} < 17 THEN 3 WHEN {m} < 18 THEN 5 ELSE 0 END,
                'Photos of week ' || n.i, CASE WHEN n.i = 7 THEN 'rare-owner' ELSE 'owner-' || (n.i % 20) END, n.i % 10,
                {t}, CASE WHEN {m} >= 18 THEN {t} ELSE 0 END,
                CASE WHEN {m} < 12 THEN {t} WHEN {m} IN (15, 16) THEN {half} ELSE 0 END,
                CASE WHEN {m} IN (12, 13, 14) THEN {t} WHEN {m} IN (15, 16) THEN {t - half} ELSE 0 END,
                CASE WHEN {m} = 17 THEN {t} ELSE 0 END, CASE WHEN {m} >= 18 THEN 0 ELSE {t} END,
                {start} + n.i * {step}, {start} + n.i * {step} + 9000,
                CASE WHEN {m} < 18 THEN {start} + n.i * {step} + 1000 END, CASE WHEN {m} < 18 THEN {start} + n.i * {step} + 9000 END,
                {columns}
            FROM {Series(1, jobs)} AS n JOIN queue_jobs j ON j.id = {templates[0].Key} + n.i % {Services}
            """,
            cancellationToken);
        var state = $"""
            CASE j.state WHEN 2 THEN 3 WHEN 4 THEN 4 WHEN 3 THEN CASE WHEN n.i < {half} THEN 3 ELSE 4 END WHEN 5 THEN 5 ELSE 0 END
            """;
        await RunAsync(
            $"""
            INSERT INTO queue_tasks (id, state, attempt, fence, started_at, finished_at, processing_ms, http_status, error_kind, error_message,
                fingerprint)
            SELECT x.id, x.state, CASE WHEN x.state IN (3, 4) THEN 1 ELSE 0 END, CASE WHEN x.state IN (3, 4) THEN 1 ELSE 0 END, x.started_at,
                x.finished_at, CASE WHEN x.state IN (3, 4) THEN 40 END, f.status, CASE x.state WHEN 5 THEN 12 ELSE COALESCE(f.kind, 0) END,
                f.message, f.fingerprint
            FROM (SELECT {Bits("j.id")} + n.i AS id, {state} AS state, j.started_at, j.finished_at, j.id AS job
                FROM queue_jobs j CROSS JOIN {Series(0, t - 1)} AS n WHERE j.id > {last}) x
                LEFT JOIN f ON x.state = 4 AND f.n = CASE WHEN x.job = {last} + 12 THEN 20 ELSE (x.job / 20) % 20 END
            """,
            cancellationToken);
        await RunAsync(
            $"""
            UPDATE queue_tasks SET state = 4, attempt = 1, fence = 1, started_at = {start}, finished_at = {start} + 9000, processing_ms = 40,
                http_status = f.status, error_kind = f.kind, error_message = f.message, fingerprint = f.fingerprint
            FROM f WHERE f.n = queue_tasks.id % 20 AND queue_tasks.id >= {Bits($"{big}")} AND queue_tasks.id < {Bits($"{big} + 1")}
            """,
            cancellationToken);
        await RunAsync(
            $"""
            UPDATE queue_jobs SET state = 4, available = 0, failed = {FailedTasks}, next_ordinal = {FailedTasks}, started_at = {start},
                finished_at = {start} + 9000, name = 'The big one' WHERE id = {big}
            """,
            cancellationToken);
        await RunAsync(
            $"INSERT INTO task_inputs (task_id, input) SELECT t.id, i.input FROM queue_tasks t, task_inputs i "
            + $"WHERE t.id > {Bits($"{last} + 1")} AND i.task_id = {Bits($"{templates[0].Key}")}",
            cancellationToken);
        var output = database.IsPostgres
            ? "'{\"label\":\"cat\",\"score\":0.98}'::bytea"
            : "CAST('{\"label\":\"cat\",\"score\":0.98}' AS BLOB)";
        await RunAsync(
            $"INSERT INTO task_results (task_id, output) SELECT id, {output} FROM queue_tasks WHERE state = 3", cancellationToken);
        await CountAsync(last, jobs, cancellationToken);
    }

    /// <summary>Counts what the store would have counted.</summary>
    private async Task CountAsync(long last, int jobs, CancellationToken cancellationToken)
    {
        string[] statements =
        [
            """
            INSERT INTO job_failures (job_id, fingerprint, kind, http_status, pattern, message, count, first_at, last_at, example_1)
            SELECT t.id >> 24, f.fingerprint, f.kind, f.status, f.pattern, f.message, COUNT(*), MIN(t.finished_at), MAX(t.finished_at), MIN(t.id)
            FROM queue_tasks t JOIN f ON f.fingerprint = t.fingerprint WHERE t.state = 4
            GROUP BY t.id >> 24, f.fingerprint, f.kind, f.status, f.pattern, f.message
            """,
            """
            INSERT INTO job_errors (job_id, kind, count, example) SELECT t.id >> 24, t.error_kind, COUNT(*), MIN(t.error_message)
            FROM queue_tasks t WHERE t.state = 4 GROUP BY t.id >> 24, t.error_kind
            """,
            $"INSERT INTO job_labels (job_id, kind, value) SELECT id, 1, owner FROM queue_jobs WHERE id > {last}",
            $"INSERT INTO job_labels (job_id, kind, value) SELECT id, 0, 'all' FROM queue_jobs WHERE id > {last}",
            $"INSERT INTO job_labels (job_id, kind, value) SELECT id, 0, 'tag-' || (id % 1000) FROM queue_jobs WHERE id > {last}",
            "INSERT INTO job_labels (job_id, kind, value) SELECT id, 0, "
            + $"'rare' FROM queue_jobs WHERE id IN ({last} + 1, {last} + {jobs / 2})",
            "DELETE FROM totals",
            "INSERT INTO totals (service, kind, state, node_id, count) SELECT service, 1, state, 0, "
            + "COUNT(*) FROM queue_jobs GROUP BY service, state",
            """
            INSERT INTO totals (service, kind, state, node_id, count) SELECT x.service, 0, s.i, 0, SUM(CASE s.i WHEN 0 THEN x.available
                WHEN 3 THEN x.completed WHEN 4 THEN x.failed ELSE x.cancelled END)
            FROM queue_jobs x CROSS JOIN (SELECT 0 AS i UNION SELECT 3 UNION SELECT 4 UNION SELECT 5) s GROUP BY x.service, s.i
            """,
        ];
        foreach (var statement in statements) await RunAsync(statement, cancellationToken);
    }

    /// <summary>Two days of the series, minute by minute, and the audit log.</summary>
    private async Task HistoryAsync(CancellationToken cancellationToken)
    {
        const int Minutes = 48 * 60;
        var first = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 60_000 * 60_000) - (Minutes * 60_000L);
        await RunAsync(
            $"""
            INSERT INTO series (step, at, service, submitted, completed, failed, retried, throttled, waiting)
            SELECT 60, {first} + n.i * 60000, 'bench_' || s.i, 100, 90, 5, 2, 1, 40
            FROM {Series(0, Minutes - 1)} AS n CROSS JOIN {Series(0, Services - 1)} AS s
            """,
            cancellationToken);
        await RunAsync(
            $"""
            INSERT INTO series_calls (step, at, service, bucket, count)
            SELECT 60, {first} + n.i * 60000, 'bench_' || s.i, b.i, 10
            FROM {Series(0, Minutes - 1)} AS n CROSS JOIN {Series(0, Services - 1)} AS s CROSS JOIN {Series(8, 15)} AS b
            """,
            cancellationToken);
        await RunAsync(
            $"""
            INSERT INTO audit_log (at, who, action, target_kind, target_id, address)
            SELECT {first} + n.i * 1000, 'person-' || (n.i % 20), 'cancel', 'job', 'job-' || n.i, '127.0.0.1'
            FROM {Series(1, AuditEntries)} AS n
            """,
            cancellationToken);
    }

    private static async Task<EnqueuedJob> EnqueueAsync(IQueueStore store, string service, int tasks, CancellationToken cancellationToken)
    {
        var node = store.Nodes.Register("filler", TimeSpan.FromMinutes(5));
        await using var upload = store.OpenUpload(node);
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(Input, cancellationToken);
        }

        var job =
            new NewJob { Service = service, JobType = "bench_batch_post", TaskType = "bench_post", Upstream = Parked, Name = "First" };
        var enqueued = await upload.CommitAsync(job, cancellationToken);
        store.Nodes.Leave(node);
        return enqueued;
    }

    private static string Word(int i) => ((char)('a' + i)).ToString();

    /// <summary>The key of the first task of a job; keys are 64 bits wide on both databases.</summary>
    private static string Bits(string job) => $"(CAST({job} AS bigint) << 24)";

    /// <summary>An id of version 7.</summary>
    private string Uuid(string milliseconds, string number) => database.IsPostgres
        ? $"(lpad(to_hex(({milliseconds})::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(({number})::bigint), 15, '0'))::uuid"
        : $"unhex(printf('%012x70008%015x', {milliseconds}, {number}))";

    private string Series(long from, long to) => database.IsPostgres
        ? $"(SELECT i::bigint AS i FROM generate_series({from}, {to}) AS i)"
        : $"(WITH RECURSIVE s(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM s WHERE i < {to}) SELECT i FROM s)";

    private async Task<string> ColumnsAsync(string table, IReadOnlyList<string> except, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = database.IsPostgres
            ? $"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND is_generated = 'NEVER'"
            : $"SELECT name FROM pragma_table_info('{table}')";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) names.Add(reader.GetString(0));
        return string.Join(", ", names.Except(except));
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 0);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<long> NumberAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }
}
