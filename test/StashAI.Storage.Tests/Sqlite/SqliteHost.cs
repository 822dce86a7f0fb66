using Microsoft.Data.Sqlite;
using StashAI.Queue.Store;
using StashAI.Storage.Backups;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Files;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>One SQLite file in a temp folder.</summary>
public sealed class SqliteHost : IStoreHost
{
    private readonly TempFolder folder = new();
    private SqliteConnection? verifying;

    public SqliteHost(PayloadKind payloads = PayloadKind.Files) => Keeping = new PayloadKeeping(payloads, () => Path + "-payloads");

    /// <summary>Begins with a copy of a file that has its schema already.</summary>
    public SqliteHost(byte[] template)
        : this() => File.WriteAllBytes(Path, template);

    public string Path => folder.File("queue.db");

    public ISegmentShelf? Shelf => Keeping.Shelf;

    /// <summary>Where large parts are.</summary>
    internal PayloadKeeping Keeping { get; }

    public async Task<IQueueStore> OpenAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var place = await Keeping.OpenAsync(cancellationToken);
        return await SqliteStore.OpenAsync(
            new SqliteSettings { Path = Path, Clock = clock, UsesPayloadFiles = place is not null, PayloadPlace = place },
            cancellationToken);
    }

    public Task<IBackupJournal> OpenBackupsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IBackupJournal>(new SqliteBackupJournal(Path));

    public void Verify()
    {
        if (!File.Exists(Path)) return;
        verifying ??= Connect();
        SqliteInvariants.Check(verifying);
    }

    public IReadOnlyDictionary<string, long> CountRows() => SqliteInvariants.CountRows(Path);

    public byte[] Sha256Of(long payloadKey) => (byte[])Scalar($"SELECT sha256 FROM payloads WHERE id = {payloadKey}")!;

    public long ChecksumOf(long payloadKey) => (long)Scalar($"SELECT checksum FROM payloads WHERE id = {payloadKey}")!;

    public void ForgetChecksums() => Scalar("UPDATE payloads SET checksum = NULL");

    public void SplitPayload(long payloadKey, int at) => Scalar($"""
        INSERT INTO payload_chunks (id, bytes) SELECT id + 1, SUBSTR(bytes, {at + 1}) FROM payload_chunks WHERE id = {payloadKey} << 16;
        UPDATE payload_chunks SET bytes = SUBSTR(bytes, 1, {at}) WHERE id = {payloadKey} << 16;
        """);

    public void Miscount(long jobKey) => Scalar($"""
        UPDATE queue_jobs SET available = available - 1, running = running + 1 WHERE id = {jobKey};
        INSERT INTO totals (service, kind, state, node_id, count) SELECT service, 0, 0, 0, -1 FROM queue_jobs WHERE id = {jobKey}
            ON CONFLICT DO UPDATE SET count = count + excluded.count;
        INSERT INTO totals (service, kind, state, node_id, count) SELECT service, 0, 2, 0, 1 FROM queue_jobs WHERE id = {jobKey}
            ON CONFLICT DO UPDATE SET count = count + excluded.count;
        """);

    public void Mischarge(long jobKey) => Scalar($"UPDATE queue_jobs SET cost = '0.7' WHERE id = {jobKey}");

    public IDisposable BreakCommits()
    {
        Scalar("CREATE TRIGGER broken BEFORE UPDATE OF lane_id ON queue_jobs BEGIN SELECT RAISE(ABORT, 'broken by a test'); END");
        return new Repair(this);
    }

    public void BeginCancel(long jobKey) => Scalar($"UPDATE queue_jobs SET cancelling = 1 WHERE id = {jobKey}");

    public void BeginRetry(long jobKey, int scope) =>
        Scalar($"UPDATE queue_jobs SET retry_scope = {scope}, retry_next = 0 WHERE id = {jobKey}");

    public IDisposable BreakResult(long taskKey)
    {
        Scalar($"""
            CREATE TRIGGER broken BEFORE INSERT ON task_results WHEN NEW.task_id = {taskKey}
            BEGIN SELECT RAISE(ABORT, 'refused by a test'); END
            """);
        return new Repair(this);
    }

    public int CrashesOf(long taskKey) => (int)(long)Scalar($"SELECT crashes FROM queue_tasks WHERE id = {taskKey}")!;

    public void ForgetSubjects(long jobKey) => Scalar($"""
        DELETE FROM task_subjects WHERE job_id = {jobKey};
        DELETE FROM job_subjects WHERE job_id = {jobKey};
        INSERT INTO subject_backlog (job_id) VALUES ({jobKey}) ON CONFLICT (job_id) DO UPDATE SET next = 0;
        """);

    public IReadOnlyList<(int Fence, int Attempt, int Event)> Attempts(long taskKey)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT fence, attempt, event FROM task_attempts WHERE task_id = {taskKey} ORDER BY fence";
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

    /// <summary>Another connection to the file.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        verifying?.Dispose();
        await Keeping.DisposeAsync();
        folder.Dispose();
    }

    private sealed class Repair(SqliteHost host) : IDisposable
    {
        public void Dispose() => host.Scalar("DROP TRIGGER broken");
    }
}
