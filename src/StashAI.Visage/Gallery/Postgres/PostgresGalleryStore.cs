using System.Data;
using System.Runtime.InteropServices;
using Npgsql;
using StashAI.Visage.Settings;
using static StashAI.Visage.Gallery.Postgres.PostgresGalleryBatch;

namespace StashAI.Visage.Gallery.Postgres;

/// <summary>
/// The gallery in a PostgreSQL database that several processes share. It keeps nothing in a session, so it works behind a pooler that gives
/// each transaction another one.
/// </summary>
internal sealed class PostgresGalleryStore(GalleryDatabase database) : IGalleryStore
{
    /// <summary>
    /// The check before each answer waits only this long, in seconds, because the client then gets a 503 and tries again.
    /// </summary>
    private const int CheckTimeout = 5;

    private const int CommandTimeout = 30;

    /// <summary>The database's address for messages, without user and password.</summary>
    public string Name => database.Name;

    public bool IsShared => true;

    public byte[]? SigningKey { get; private set; }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await PostgresGallerySchema.ApplyAsync(database, cancellationToken);
        SigningKey = await ReadAsync(
            "SELECT signing_key FROM visage_gallery", [], row => row.GetFieldValue<byte[]>(0), [], cancellationToken);
    }

    public Task<long> ReadVersionAsync(CancellationToken cancellationToken) =>
        ReadAsync("SELECT version FROM visage_gallery", [], row => row.GetInt64(0), 0, cancellationToken, CheckTimeout);

    public async Task<long> ReadChangesAsync(long since, IGalleryReceiver receiver, CancellationToken cancellationToken)
    {
        var (connection, transaction, version) =
            await BeginAsync(IsolationLevel.RepeatableRead, database.Settings, "", CommandTimeout, cancellationToken);
        await using var ownConnection = connection;
        await using var ownTransaction = transaction;
        if (version == since) return version;
        if (version < since)
        {
            // A backup was restored.
            receiver.Clear();
            since = 0;
        }

        await PostgresGalleryChanges.ReadAsync(connection, since, receiver, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return version;
    }

    public async Task<IGalleryTransaction> BeginAsync(CancellationToken cancellationToken) =>
        await BeginChangeAsync(ChangeSettings, CommandTimeout, cancellationToken);

    /// <summary>Begins a change that may wait and take as long as it needs.</summary>
    public Task<PostgresGalleryTransaction> BeginLongAsync(CancellationToken cancellationToken) =>
        BeginChangeAsync(UnlimitedSettings, 0, cancellationToken);

    public async Task<IReadOnlyList<StoredFace>> ReadFacesOfAsync(long person, CancellationToken cancellationToken) => await ReadAsync(
        "SELECT key, id, quality, created_at FROM visage_faces WHERE person_key = $1 ORDER BY key",
        [Bigint(person)],
        row => new StoredFace(
            row.GetInt64(0), row.GetGuid(1), row.GetDouble(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))),
        cancellationToken);

    public async Task<IReadOnlyList<GalleryFace>> ReadGalleryFacesAsync(long person, CancellationToken cancellationToken) =>
        await ReadAsync(
            """
            SELECT embedding, quality, jpeg, source, id, created_at FROM visage_faces LEFT JOIN visage_pictures ON face_key = key
            WHERE person_key = $1 ORDER BY key
            """,
            [Bigint(person)],
            row => new GalleryFace(
                MemoryMarshal.Cast<byte, float>(row.GetFieldValue<byte[]>(0)).ToArray(), (float)row.GetDouble(1),
                row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2), row.GetString(3))
            {
                Id = row.GetGuid(4),
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
            },
            cancellationToken);

    public async Task<IReadOnlyDictionary<long, int>> CountFacesAsync(
        IReadOnlyCollection<long> people, CancellationToken cancellationToken)
    {
        var counts = await ReadAsync(
            "SELECT person_key, count(*)::integer FROM visage_faces WHERE person_key = ANY ($1) GROUP BY person_key",
            [Bigints([.. people])],
            row => (Person: row.GetInt64(0), Count: row.GetInt32(1)),
            cancellationToken);
        return counts.ToDictionary(row => row.Person, row => row.Count);
    }

    public async Task<IReadOnlyList<Rejection>> ReadRejectionsAsync(long person, CancellationToken cancellationToken) => await ReadAsync(
        PostgresRejectionRow.OfPerson, [Bigint(person)], PostgresRejectionRow.Read, cancellationToken);

    public Task<byte[]?> ReadPictureAsync(long person, CancellationToken cancellationToken) => ReadAsync(
        """
        SELECT p.jpeg FROM visage_faces AS f JOIN visage_pictures AS p ON p.face_key = f.key
        WHERE f.person_key = $1 ORDER BY f.quality DESC, f.key LIMIT 1
        """,
        [Bigint(person)], row => row.GetFieldValue<byte[]>(0), null, cancellationToken);

    public Task<byte[]?> ReadPictureAsync(long person, Guid face, CancellationToken cancellationToken) => ReadAsync(
        """
        SELECT p.jpeg FROM visage_faces AS f JOIN visage_pictures AS p ON p.face_key = f.key WHERE f.person_key = $1 AND f.id = $2
        """,
        [Bigint(person), Uuid(face)], row => row.GetFieldValue<byte[]>(0), null, cancellationToken);

    /// <summary>The database overwrites dead rows when it likes.</summary>
    public Task ScrubAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => database.Source.Dispose();

    private async Task<PostgresGalleryTransaction> BeginChangeAsync(
        IReadOnlyList<(string Name, string Value)> settings, int timeout, CancellationToken cancellationToken)
    {
        // Whoever waits for the row sees the version that the change before it has committed.
        var (connection, transaction, version) = await BeginAsync(
            IsolationLevel.ReadCommitted, [.. database.Settings, .. settings], "FOR NO KEY UPDATE", timeout, cancellationToken);
        return new(connection, transaction, version);
    }

    /// <summary>
    /// Repeats a call that met a connection which had ended while it was idle, as all do when the server restarts.
    /// </summary>
    private async Task<T> WithLivingConnectionAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (NpgsqlException exception) when (exception.InnerException is IOException
            || exception is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown })
        {
            database.Source.Clear();
            return await call();
        }
    }

    private Task<(NpgsqlConnection Connection, NpgsqlTransaction Transaction, long Version)> BeginAsync(
        IsolationLevel isolation, IReadOnlyList<(string Name, string Value)> settings, string locking, int timeout,
        CancellationToken cancellationToken) => WithLivingConnectionAsync(async () =>
    {
        var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
            await using var batch = new PostgresGalleryBatch(connection, settings, timeout);
            batch.Add($"SELECT version FROM visage_gallery {locking}");
            await using var reader = await batch.ReadAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return (connection, transaction, reader.GetInt64(0));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    });

    private async Task<T> ReadAsync<T>(
        string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> read, T none, CancellationToken cancellationToken,
        int timeout = CommandTimeout)
    {
        var rows = await ReadAsync(sql, parameters, read, cancellationToken, timeout);
        return rows.Count > 0 ? rows[0] : none;
    }

    private Task<List<T>> ReadAsync<T>(
        string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken,
        int timeout = CommandTimeout) =>
        WithLivingConnectionAsync(async () =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            await using var batch = new PostgresGalleryBatch(connection, database.Settings, timeout);
            batch.Add(sql, [.. parameters.Select(parameter => parameter.Clone())]);
            await using var reader = await batch.ReadAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(read(reader));
            return rows;
        });
}
