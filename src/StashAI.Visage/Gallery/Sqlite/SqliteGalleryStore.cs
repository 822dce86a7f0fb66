using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using StashAI.Visage.Embedding;

namespace StashAI.Visage.Gallery.Sqlite;

/// <summary>
/// The gallery in a SQLite file, which one process at a time uses. Calls are short and synchronous, as SQLite is.
/// </summary>
internal sealed class SqliteGalleryStore : IGalleryStore
{
    public const string FileName = "visage.db";

    private readonly string folder;
    private readonly string path;
    private readonly string connectionString;
    private readonly SemaphoreSlim scrubLock = new(1);
    private FolderLock? folderLock;

    /// <param name="folder">The folder of the file; it is created if it is missing.</param>
    public SqliteGalleryStore(string folder)
    {
        this.folder = folder;
        path = Path.Combine(folder, FileName);
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 10 }.ToString();
    }

    public bool IsShared => false;

    public byte[]? SigningKey => null;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        folderLock = FolderLock.Take(folder);
        using (var connection = Connect())
        {
            SqliteGallerySchema.Apply(connection, path);
            UpdateNameKeys(connection);
        }

        try
        {
            await ScrubAsync(cancellationToken);
        }
        catch (IOException)
        {
            // A backup reads the file. The next deletion or start overwrites what is due; recognition need not wait for it.
        }
    }

    public async Task ScrubAsync(CancellationToken cancellationToken)
    {
        await scrubLock.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(() => SqliteGalleryScrub.RunAsync(ConnectAnew, cancellationToken), cancellationToken);
        }
        finally
        {
            scrubLock.Release();
        }
    }

    public Task<long> ReadVersionAsync(CancellationToken cancellationToken)
    {
        using var connection = Connect();
        return Task.FromResult(SqliteGalleryTransaction.ReadVersion(connection, null));
    }

    /// <summary>Reads the whole gallery, whatever <paramref name="since"/> is: nobody else changes it.</summary>
    public Task<long> ReadChangesAsync(long since, IGalleryReceiver receiver, CancellationToken cancellationToken)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction(deferred: true);
        var version = SqliteGalleryTransaction.ReadVersion(connection, transaction);
        foreach (var row in connection.Query<SqlitePersonRow>($"SELECT {SqlitePersonRow.Columns} FROM people ORDER BY key"))
            receiver.PutPerson(row.ToPerson(), replacesFaces: since > 0);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT person_key, embedding FROM faces ORDER BY key";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var vector = MemoryMarshal.Cast<byte, float>(reader.GetFieldValue<byte[]>(1));
            if (vector.Length == FaceEmbedding.Dimensions)
                receiver.AddFace(reader.GetInt64(0), vector);
        }

        var rejections = SqliteGalleryTransaction.ReadRejections(connection, transaction, null)
            .ToLookup(rejection => rejection.Person, rejection => rejection.Rejection.Vector);
        foreach (var person in rejections) receiver.PutRejections(person.Key, [.. person]);
        return Task.FromResult(version);
    }

    public Task<IGalleryTransaction> BeginAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IGalleryTransaction>(new SqliteGalleryTransaction(Connect()));

    public Task<IReadOnlyList<StoredFace>> ReadFacesOfAsync(long person, CancellationToken cancellationToken)
    {
        using var connection = Connect();
        return Task.FromResult<IReadOnlyList<StoredFace>>(
        [
            .. connection
                .Query<(long Key, string Id, double Quality, long CreatedAt)>(
                    "SELECT key, id, quality, created_at FROM faces WHERE person_key = @person ORDER BY key", new { person })
                .Select(row => new StoredFace(
                    row.Key, Guid.Parse(row.Id), row.Quality, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt))),
        ]);
    }

    public Task<IReadOnlyList<GalleryFace>> ReadGalleryFacesAsync(long person, CancellationToken cancellationToken)
    {
        using var connection = Connect();
        return Task.FromResult<IReadOnlyList<GalleryFace>>(
        [
            .. connection
                .Query<(byte[] Embedding, double Quality, byte[]? Jpeg, string Source, string Id, long CreatedAt)>(
                    """
                    SELECT embedding, quality, jpeg, source, id, created_at FROM faces LEFT JOIN pictures ON face_key = key
                    WHERE person_key = @person ORDER BY key
                    """,
                    new { person })
                .Select(row => new GalleryFace(
                    MemoryMarshal.Cast<byte, float>(row.Embedding).ToArray(), (float)row.Quality, row.Jpeg, row.Source)
                {
                    Id = Guid.Parse(row.Id),
                    CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
                }),
        ]);
    }

    public Task<IReadOnlyDictionary<long, int>> CountFacesAsync(IReadOnlyCollection<long> people, CancellationToken cancellationToken)
    {
        using var connection = Connect();
        return Task.FromResult<IReadOnlyDictionary<long, int>>(connection
            .Query<(long Person, int Count)>(
                "SELECT person_key, count(*) FROM faces WHERE person_key IN (SELECT value FROM json_each(@people)) GROUP BY person_key",
                new { people = $"[{string.Join(',', people)}]" })
            .ToDictionary(row => row.Person, row => row.Count));
    }

    public Task<IReadOnlyList<Rejection>> ReadRejectionsAsync(long person, CancellationToken cancellationToken)
    {
        using var connection = Connect();
        return Task.FromResult<IReadOnlyList<Rejection>>(
            [.. SqliteGalleryTransaction.ReadRejections(connection, null, person).Select(rejection => rejection.Rejection)]);
    }

    public Task<byte[]?> ReadPictureAsync(long person, CancellationToken cancellationToken)
    {
        using var connection = Connect();
        return Task.FromResult(connection.QueryFirstOrDefault<byte[]>(
            """
            SELECT pictures.jpeg FROM faces JOIN pictures ON pictures.face_key = faces.key
            WHERE faces.person_key = @person ORDER BY faces.quality DESC, faces.key LIMIT 1
            """,
            new { person }));
    }

    public Task<byte[]?> ReadPictureAsync(long person, Guid face, CancellationToken cancellationToken)
    {
        using var connection = Connect();
        return Task.FromResult(connection.QueryFirstOrDefault<byte[]>(
            """
            SELECT pictures.jpeg FROM faces JOIN pictures ON pictures.face_key = faces.key
            WHERE faces.person_key = @person AND faces.id = @face
            """,
            new { person, face = face.ToString() }));
    }

    public void Dispose()
    {
        scrubLock.Dispose();
        folderLock?.Dispose();
    }

    /// <summary>Stores the keys of names as this version computes them.</summary>
    private static void UpdateNameKeys(SqliteConnection connection)
    {
        var changed = NameKey.Changes([.. connection.Query<(long Key, string Name, string NameKey)>(
            "SELECT key, name, name_key FROM people ORDER BY key")]);
        if (changed.Count == 0)
            return;
        using var transaction = connection.BeginTransaction();
        // Set temporary keys first, so that the new keys cannot collide with old ones.
        foreach (var (key, _) in changed)
            connection.Execute("UPDATE people SET name_key = @name WHERE key = @key", new { key, name = $"\n{key}" }, transaction);
        foreach (var (key, name) in changed)
            connection.Execute("UPDATE people SET name_key = @name WHERE key = @key", new { key, name }, transaction);
        transaction.Commit();
    }

    private SqliteConnection Connect() => Connect(connectionString);

    /// <summary>Opens a connection that is not taken from a pool.</summary>
    private SqliteConnection ConnectAnew() =>
        Connect(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString());

    private static SqliteConnection Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        // What is deleted is overwritten: deleting a person is a right that people have.
        connection.Execute("PRAGMA secure_delete = ON");
        return connection;
    }
}
