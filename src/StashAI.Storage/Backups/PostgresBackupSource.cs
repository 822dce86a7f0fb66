using System.Runtime.CompilerServices;
using Npgsql;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;
using StashAI.Storage.Payloads.Files;
using StashAI.Storage.Payloads.Objects;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Backups;

/// <summary>What a queue on a PostgreSQL server has outside the database.</summary>
public sealed class PostgresBackupSource : IBackupSource
{
    /// <summary>What the server lists the sessions of backups as.</summary>
    internal const string ApplicationName = "stashai-backup";

    private const int MaxConnections = 2;

    private const string Journal = $"""
        SELECT CASE WHEN to_regclass('{PostgresJournal.Table}') IS NULL THEN '{PostgresJournal.FormerTable}' ELSE '{PostgresJournal.Table}' END
        """;

    private const string HasFolder = "SELECT COALESCE(to_regclass('payload_folder')::text, '')";

    private const string Folder = "SELECT name FROM payload_folder";

    private const string FirstFile = """
        SELECT COALESCE((SELECT s.name FROM payload_segments s JOIN payloads p ON p.segment_id = s.id
            WHERE p.refs > 0 AND s.name NOT LIKE '%.obj' LIMIT 1), '')
        """;

    // What an upload wrote that was not committed goes with the upload.
    private const string Payloads = """
        SELECT s.name, p.segment_offset, p.size, p.sha256 FROM payloads p JOIN payload_segments s ON s.id = p.segment_id
        WHERE p.refs > 0 AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = s.upload_job_id AND j.state = 6 /* Staging */)
        ORDER BY s.name COLLATE "C", p.segment_offset
        """;

    private const string IsNamed = """
        SELECT 1 FROM payloads p JOIN payload_segments s ON s.id = p.segment_id
        WHERE s.name = $1 AND p.segment_offset = $2 AND p.refs > 0
        """;

    private readonly PostgresAccess access;

    private PostgresBackupSource(PostgresAccess access, string schema, string? id, string? sharedFolder, NamedObjects? objects) =>
        (this.access, Schema, QueueId, PayloadFolder, Objects) =
        (access, schema, id, id is null || sharedFolder is null ? null : Path.Combine(sharedFolder, id), objects);

    public string? PayloadFolder { get; }

    public NamedObjects? Objects { get; }

    public string Schema { get; }

    public string? QueueId { get; }

    /// <summary>Looks at a queue.</summary>
    /// <param name="url">The URL of the database.</param>
    /// <param name="sharedFolder">The folder that queues share for their payload files; null when payloads are rows.</param>
    /// <param name="bucket">The bucket that queues share for their objects; null for none.</param>
    /// <param name="cancellationToken">Ends the wait for the server.</param>
    /// <exception cref="StoreOpenException">
    /// The server cannot be reached, the database is not a queue, or it names payload files and no folder is given; the message says why.
    /// </exception>
    public static async Task<PostgresBackupSource> OpenAsync(
        string url, string? sharedFolder, S3Settings? bucket, CancellationToken cancellationToken)
    {
        var access = PostgresAccess.Prepare(url, ApplicationName, MaxConnections);
        try
        {
            var journal = await ReadAsync(access, Journal, cancellationToken);
            var schema = await ReadAsync(
                access, $"SELECT scriptname FROM {journal} ORDER BY scriptname DESC LIMIT 1", cancellationToken);
            var id = await ReadAsync(access, HasFolder, cancellationToken) is { Length: > 0 }
                ? await ReadAsync(access, Folder, cancellationToken) : null;
            if (id is not null && sharedFolder is null && await ReadAsync(access, FirstFile, cancellationToken) is { Length: > 0 } file)
            {
                throw new StoreOpenException(
                    $"The database names payloads in files, such as {file}, and no folder for them is given: set PAYLOADS=files:FOLDER, as "
                    + "the servers of the queue have it.",
                    isSetting: true);
            }

            return new PostgresBackupSource(
                access, MigrationScripts.ShortName(schema), id, sharedFolder,
                id is null || bucket is null ? null : NamedObjects.Connect(bucket, id));
        }
        catch (Exception exception)
        {
            await access.Source.DisposeAsync();
            if (PostgresStartErrors.From(exception, PostgresUrl.Parse(url)) is { } reason) throw reason;
            throw;
        }
    }

    public IDisposable? TryHoldPayloads() => RemovalLock.TryHold(PayloadFolder ?? "");

    public Task<bool> SnapshotAsync(string target, Action<int, int>? progress, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public async IAsyncEnumerable<NamedPayload> ListPayloadsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (QueueId is null) yield break;
        await using var connection = await access.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await BeginAsync(access, connection, cancellationToken);
        await using var command = new NpgsqlCommand(Payloads, connection, transaction) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            yield return new NamedPayload(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetFieldValue<byte[]>(3));
    }

    public async Task<bool> IsNamedAsync(NamedPayload payload, CancellationToken cancellationToken)
    {
        await using var connection = await access.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await BeginAsync(access, connection, cancellationToken);
        await using var command = new NpgsqlCommand(IsNamed, connection, transaction) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload.File });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = payload.Offset });
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    public ValueTask DisposeAsync()
    {
        Objects?.Dispose();
        return access.Source.DisposeAsync();
    }

    private static async Task<string> ReadAsync(PostgresAccess access, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await access.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await BeginAsync(access, connection, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Begins a transaction with the settings of the URL, such as the schema, which no session keeps behind a pooler.</summary>
    internal static async Task<NpgsqlTransaction> BeginAsync(
        PostgresAccess access, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (name, value) in access.Settings)
        {
            await using var command = new NpgsqlCommand("SELECT set_config($1, $2, true)", connection, transaction);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return transaction;
    }
}
