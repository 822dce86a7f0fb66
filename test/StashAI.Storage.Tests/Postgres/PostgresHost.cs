using Npgsql;
using StashAI.Queue.Store;
using StashAI.Storage.Backups;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using PostgresDatabase = StashAI.Testing.Postgres.PostgresDatabase;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>One database of the private cluster.</summary>
/// <param name="postgres">The cluster.</param>
/// <param name="poolMode">The store goes through a PgBouncer in this mode; null for directly.</param>
/// <param name="payloads">Where large parts are.</param>
/// <param name="isEmpty">The database has no schema yet: the first store migrates it.</param>
public sealed class PostgresHost(
    PostgresFixture postgres, string? poolMode = null, PayloadKind payloads = PayloadKind.Rows, bool isEmpty = false) : IStoreHost
{
    private readonly SemaphoreSlim creating = new(1);
    private readonly TempFolder folder = new();
    private PayloadKeeping? keeping;
    private PostgresDatabase? database;

    public async Task<IQueueStore> OpenAsync(TimeProvider clock, CancellationToken cancellationToken) =>
        await PostgresStore.OpenAsync(
            new PostgresSettings
            {
                Url = await UrlAsync(cancellationToken),
                Clock = clock,
                PayloadPlace = await Keeping.OpenAsync(cancellationToken),
            },
            cancellationToken);

    public ISegmentShelf? Shelf => Keeping.Shelf;

    /// <summary>Where large parts are.</summary>
    internal PayloadKeeping Keeping => keeping ??= new PayloadKeeping(payloads, () => folder.File("payloads"));

    /// <summary>What the store connects to.</summary>
    public async Task<string> UrlAsync(CancellationToken cancellationToken)
    {
        var made = await CreateAsync(cancellationToken);
        return poolMode is null ? made.Url : (await postgres.PoolerAsync(poolMode, cancellationToken)).Url(made);
    }

    /// <summary>The database, made when it is first asked for.</summary>
    public async Task<PostgresDatabase> CreateAsync(CancellationToken cancellationToken)
    {
        await creating.WaitAsync(cancellationToken);
        try
        {
            return database ??= isEmpty
                ? await postgres.CreateDatabaseAsync(cancellationToken)
                : await postgres.CreateQueueAsync(cancellationToken);
        }
        finally
        {
            creating.Release();
        }
    }

    public async Task<IBackupJournal> OpenBackupsAsync(CancellationToken cancellationToken) =>
        new PostgresBackupJournal(await UrlAsync(cancellationToken));

    public void Verify()
    {
        if (database is not null) PostgresInvariants.Check(database.ConnectionString);
    }

    public IReadOnlyDictionary<string, long> CountRows() => PostgresInvariants.CountRows(database!.ConnectionString);

    public byte[] Sha256Of(long payloadKey) => (byte[])Scalar($"SELECT sha256 FROM payloads WHERE id = {payloadKey}")!;

    public long ChecksumOf(long payloadKey) => (long)Scalar($"SELECT checksum FROM payloads WHERE id = {payloadKey}")!;

    public void ForgetChecksums() => Scalar("UPDATE payloads SET checksum = NULL");

    public void SplitPayload(long payloadKey, int at) => Scalar($"""
        INSERT INTO payload_chunks (id, bytes)
            SELECT id + 1, substr(bytes, {at + 1}) FROM payload_chunks WHERE id = {payloadKey}::bigint << 16;
        UPDATE payload_chunks SET bytes = substr(bytes, 1, {at}) WHERE id = {payloadKey}::bigint << 16
        """);

    public void Miscount(long jobKey) => Scalar($"""
        UPDATE queue_jobs SET available = available - 1, running = running + 1 WHERE id = {jobKey};
        INSERT INTO totals (service, kind, state, node_id, count)
            SELECT service, 0, t.state, 0, t.n FROM queue_jobs CROSS JOIN (VALUES (0, -1), (2, 1)) AS t (state, n) WHERE id = {jobKey}
            ON CONFLICT (service, kind, state, node_id) DO UPDATE SET count = totals.count + excluded.count
        """);

    public void Mischarge(long jobKey) => Scalar($"UPDATE queue_jobs SET cost = 0.7 WHERE id = {jobKey}");

    public IDisposable BreakCommits()
    {
        Scalar("""
            CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken by a test'; END $$;
            CREATE TRIGGER broken BEFORE UPDATE OF lane_id ON queue_jobs FOR EACH ROW EXECUTE FUNCTION broken()
            """);
        return new Repair(this);
    }

    public void BeginCancel(long jobKey) => Scalar($"UPDATE queue_jobs SET cancelling = 1 WHERE id = {jobKey}");

    public void BeginRetry(long jobKey, int scope) =>
        Scalar($"UPDATE queue_jobs SET retry_scope = {scope}, retry_next = 0 WHERE id = {jobKey}");

    public IDisposable BreakResult(long taskKey)
    {
        Scalar($"""
            CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION 'refused by a test' USING ERRCODE = 'program_limit_exceeded'; END $$;
            CREATE TRIGGER broken BEFORE INSERT ON task_results FOR EACH ROW WHEN (NEW.task_id = {taskKey}) EXECUTE FUNCTION broken()
            """);
        return new Repair(this);
    }

    public int CrashesOf(long taskKey) => (int)Scalar($"SELECT crashes FROM queue_tasks WHERE id = {taskKey}")!;

    public void ForgetSubjects(long jobKey) => Scalar($"""
        DELETE FROM task_subjects WHERE job_id = {jobKey};
        DELETE FROM job_subjects WHERE job_id = {jobKey};
        INSERT INTO subject_backlog (job_id) VALUES ({jobKey}) ON CONFLICT (job_id) DO UPDATE SET next = 0;
        """);

    public IReadOnlyList<(int Fence, int Attempt, int Event)> Attempts(long taskKey)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT fence, attempt, event::int FROM task_attempts WHERE task_id = {taskKey} ORDER BY fence";
        using var rows = command.ExecuteReader();
        var attempts = new List<(int, int, int)>();
        while (rows.Read()) attempts.Add((rows.GetInt32(0), rows.GetInt32(1), rows.GetInt32(2)));
        return attempts;
    }

    /// <summary>Runs SQL that shares nothing with the store.</summary>
    public object? Scalar(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Another connection to the database.</summary>
    public NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(database!.ConnectionString + ";Pooling=false");
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        creating.Dispose();
        await Keeping.DisposeAsync();
        folder.Dispose();
        if (database is null) return;
        // The disk of a test run would fill up otherwise.
        var cluster = await postgres.ClusterAsync(CancellationToken.None);
        await cluster.QueryAsync("postgres", $"DROP DATABASE {database.Name} WITH (FORCE)", CancellationToken.None);
    }

    private sealed class Repair(PostgresHost host) : IDisposable
    {
        public void Dispose() => host.Scalar("DROP FUNCTION broken CASCADE");
    }
}
