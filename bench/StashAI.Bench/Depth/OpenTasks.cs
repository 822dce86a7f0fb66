using System.Data.Common;
using System.Globalization;
using StashAI.Bench.Load;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Bench.Depth;

/// <summary>
/// Fills a database with open tasks: one job that comes in the usual way, or a one-task job that comes in the usual way and is then copied
/// by SQL, since a million submits would measure something else.
/// </summary>
internal static class OpenTasks
{
    private static readonly byte[] Input = System.Text.Encoding.ASCII.GetBytes($$"""{"text":"{{new string('x', 1013)}}"}""");

    /// <summary>One job.</summary>
    public static async Task FillOneJobAsync(LoadDatabase database, Uri upstream, int tasks, CancellationToken cancellationToken)
    {
        await using var store = await database.OpenStoreAsync(cancellationToken);
        await EnqueueAsync(store, upstream, tasks, cancellationToken);
    }

    /// <summary>Jobs of one task each, half of them in a lane whose circuit is open.</summary>
    public static async Task FillSmallJobsAsync(LoadDatabase database, Uri upstream, int jobs, CancellationToken cancellationToken)
    {
        EnqueuedJob open, parked;
        await using (var store = await database.OpenStoreAsync(cancellationToken))
        {
            open = await EnqueueAsync(store, upstream, 1, cancellationToken);
            parked = await EnqueueAsync(store, new Uri("http://127.0.0.1:9/"), 1, cancellationToken);
        }

        await using var connection = await database.ConnectAsync(cancellationToken);
        await RunAsync(
            connection,
            "UPDATE lanes SET circuit_state = 2, circuit_until = "
            + $"{TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds()} WHERE authority LIKE '%:9'",
            cancellationToken);
        await CopyAsync(database, connection, open.Key, (jobs / 2) - 1, cancellationToken);
        await CopyAsync(database, connection, parked.Key, (jobs / 2) - 1, cancellationToken);
        await RunAsync(connection, $"UPDATE totals SET count = {jobs} WHERE count = 2", cancellationToken);
        await RunAsync(connection, "ANALYZE", cancellationToken);
    }

    private static async Task<EnqueuedJob> EnqueueAsync(IQueueStore store, Uri upstream, int tasks, CancellationToken cancellationToken)
    {
        var node = store.Nodes.Register("filler", TimeSpan.FromMinutes(5));
        await using var upload = store.OpenUpload(node);
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(Input, cancellationToken);
        }

        var job = new NewJob { Service = "bench", JobType = "bench_batch_post", TaskType = "bench_post", Upstream = upstream };
        var enqueued = await upload.CommitAsync(job, cancellationToken);
        store.Nodes.Leave(node);
        return enqueued;
    }

    private static async Task CopyAsync(
        LoadDatabase database, DbConnection connection, long job, int copies, CancellationToken cancellationToken)
    {
        var last = Convert.ToInt64(
            await ScalarAsync(connection, "SELECT MAX(id) FROM queue_jobs", cancellationToken), CultureInfo.InvariantCulture);
        var numbers = database.IsPostgres
            ? $"(SELECT i FROM generate_series(1, {copies}) AS i)"
            : $"(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {copies}) SELECT i FROM s)";
        var uuid = database.IsPostgres
            ? "(substr(gen_random_uuid()::text, 1, 30) || '000000')::uuid"
            : "CAST(randomblob(13) || x'000000' AS BLOB)";
        var columns = await ColumnsAsync(database, connection, "queue_jobs", "'id', 'public_id'", cancellationToken);
        await RunAsync(
            connection,
            $"INSERT INTO queue_jobs (id, public_id, {columns}) SELECT {last} + n.i, {uuid}, {columns} FROM queue_jobs j, "
            + $"{numbers} AS n WHERE j.id = {job}",
            cancellationToken);
        columns = await ColumnsAsync(database, connection, "queue_tasks", "'id'", cancellationToken);
        await RunAsync(
            connection,
            $"INSERT INTO queue_tasks (id, {columns}) SELECT (CAST({last} AS bigint) + n.i) << 24, {columns} FROM queue_tasks t, {numbers} "
            + $"AS n WHERE t.id = CAST({job} AS bigint) << 24",
            cancellationToken);
        await RunAsync(
            connection,
            $"INSERT INTO task_inputs (task_id, input) SELECT (CAST({last} AS bigint) + n.i) << 24, input FROM task_inputs t, {numbers} AS "
            + $"n WHERE t.task_id = CAST({job} AS bigint) << 24",
            cancellationToken);
        if (database.IsPostgres)
        {
            await RunAsync(
                connection,
                "SELECT setval(pg_get_serial_sequence('queue_jobs', 'id'), (SELECT MAX(id) FROM queue_jobs))",
                cancellationToken);
        }
    }

    private static async Task<string> ColumnsAsync(
        LoadDatabase database, DbConnection connection, string table, string except, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = database.IsPostgres
            ? $"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND is_generated = 'NEVER' "
                + $"AND column_name NOT IN ({except})"
            : $"SELECT name FROM pragma_table_info('{table}') WHERE name NOT IN ({except})";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) names.Add(reader.GetString(0));
        return string.Join(", ", names);
    }

    private static async Task RunAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 0);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> ScalarAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
