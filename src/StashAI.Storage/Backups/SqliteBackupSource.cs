using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using StashAI.Storage.Migrations;
using StashAI.Storage.Payloads.Files;
using StashAI.Storage.Payloads.Objects;

namespace StashAI.Storage.Backups;

/// <summary>A queue in a SQLite file. It is not migrated, so that a newer program backs up what an older one uses.</summary>
public sealed class SqliteBackupSource : IBackupSource
{
    private const string Schemas = "SELECT ScriptName FROM SchemaVersions ORDER BY ScriptName";

    private const string HasFiles = "SELECT name FROM sqlite_schema WHERE name = 'payload_segments'";

    private const string Folder = "SELECT name FROM payload_folder";

    // What an upload wrote that was not committed goes with the upload.
    private const string Payloads = """
        SELECT s.name, p.segment_offset, p.size, p.sha256 FROM payloads p JOIN payload_segments s ON s.id = p.segment_id
        WHERE p.refs > 0 AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = s.upload_job_id AND j.state = 6 /* Staging */)
        ORDER BY s.name, p.segment_offset
        """;

    private const string IsNamed = """
        SELECT 1 FROM payloads p JOIN payload_segments s ON s.id = p.segment_id
        WHERE s.name = $name AND p.segment_offset = $offset AND p.refs > 0
        """;

    // The processes that lived at the snapshot did not crash: what they ran is no crash of its task.
    private const string EndNodes = """
        UPDATE nodes SET in_order = 1, lease_until = $now WHERE rescued = 0 AND lease_until > $now
        """;

    private readonly string path;
    private readonly TimeProvider clock;
    private string? snapshot;

    private SqliteBackupSource(string path, TimeProvider clock, string schema, string? id, string? payloadFolder, NamedObjects? objects) =>
        (this.path, this.clock, Schema, QueueId, PayloadFolder, Objects) = (path, clock, schema, id, payloadFolder, objects);

    public string? PayloadFolder { get; }

    public NamedObjects? Objects { get; }

    public string Schema { get; }

    public string? QueueId { get; }

    /// <summary>Looks at a queue.</summary>
    /// <param name="path">The file of the queue, which exists.</param>
    /// <param name="sharedFolder">The folder that several queues share for their payload files; null for the one beside the file.</param>
    /// <param name="bucket">The bucket that queues share for their objects; null for none.</param>
    /// <param name="clock">The clock of the machine.</param>
    /// <exception cref="SqliteException">It is not a database, or cannot be read.</exception>
    /// <exception cref="Queue.Store.StoreOpenException">There is no key for the bucket.</exception>
    public static SqliteBackupSource Open(string path, string? sharedFolder, S3Settings? bucket, TimeProvider clock)
    {
        using var connection = SqliteFileCopy.Open(path);
        var schema = MigrationScripts.ShortName(List(connection, Schemas).Last());
        var id = List(connection, HasFiles).Count > 0 ? List(connection, Folder).Single() : null;
        var folder = id is null ? null : sharedFolder is null ? path + "-payloads" : Path.Combine(sharedFolder, id);
        return new SqliteBackupSource(
            path, clock, schema, id, folder, id is null || bucket is null ? null : NamedObjects.Connect(bucket, id));
    }

    public IDisposable? TryHoldPayloads() => RemovalLock.TryHold(PayloadFolder ?? "");

    public async Task<bool> SnapshotAsync(string target, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        await SqliteFileCopy.TakeAsync(path, target, progress, cancellationToken);
        using (var connection = SqliteFileCopy.Open(target))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1 FROM pragma_table_info('nodes') WHERE name = 'in_order'";
            if (command.ExecuteScalar() is not null)
            {
                command.CommandText = EndNodes;
                command.Parameters.AddWithValue("$now", clock.GetUtcNow().ToUnixTimeMilliseconds());
                command.ExecuteNonQuery();
            }
        }

        snapshot = target;
        return true;
    }

    public async IAsyncEnumerable<NamedPayload> ListPayloadsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (QueueId is null) yield break;
        await Task.Yield();
        using var connection = SqliteFileCopy.Open(snapshot ?? path);
        using var command = connection.CreateCommand();
        command.CommandText = Payloads;
        command.CommandTimeout = 0;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new NamedPayload(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetFieldValue<byte[]>(3));
        }
    }

    public Task<bool> IsNamedAsync(NamedPayload payload, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var connection = SqliteFileCopy.Open(path);
            using var command = connection.CreateCommand();
            command.CommandText = IsNamed;
            command.Parameters.AddWithValue("$name", payload.File);
            command.Parameters.AddWithValue("$offset", payload.Offset);
            return command.ExecuteScalar() is not null;
        },
        cancellationToken);

    public ValueTask DisposeAsync()
    {
        Objects?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static List<string> List(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        return found;
    }
}
