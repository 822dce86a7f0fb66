using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using StashAI.Visage.Embedding;

namespace StashAI.Visage.Gallery;

/// <summary>
/// The gallery's SQLite file. Calls are short and synchronous, as SQLite is. The caller must ensure that only one call writes at a time.
/// </summary>
internal sealed class GalleryStore
{
    private readonly string connectionString;

    private GalleryStore(string connectionString) => this.connectionString = connectionString;

    /// <summary>Opens the file, creates it if it is missing, and updates it to the current schema.</summary>
    public static GalleryStore Open(string path)
    {
        var store = new GalleryStore(
            new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 10 }.ToString());
        using var connection = store.Connect();
        GallerySchema.Apply(connection, path);
        UpdateNameKeys(connection);
        return store;
    }

    /// <summary>Passes every face to <paramref name="face"/> in the order of enrolment; the span is valid only during that call.</summary>
    public void ReadFaces(Action<long, ReadOnlySpan<float>> face)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT person_key, embedding FROM faces ORDER BY key";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var vector = MemoryMarshal.Cast<byte, float>(reader.GetFieldValue<byte[]>(1));
            if (vector.Length == FaceEmbedding.Dimensions)
                face(reader.GetInt64(0), vector);
        }
    }

    public IReadOnlyList<Person> ReadPeople()
    {
        using var connection = Connect();
        return [.. connection.Query<PersonRow>($"SELECT {PersonRow.Columns} FROM people ORDER BY key").Select(row => row.ToPerson())];
    }

    public IReadOnlyList<StoredFace> ReadFacesOf(long person)
    {
        using var connection = Connect();
        return
        [
            .. connection
                .Query<(long Key, string Id, double Quality, long CreatedAt)>(
                    "SELECT key, id, quality, created_at FROM faces WHERE person_key = @person ORDER BY key", new { person })
                .Select(row => new StoredFace(
                    row.Key, Guid.Parse(row.Id), row.Quality, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt))),
        ];
    }

    public IReadOnlyDictionary<long, int> CountFaces(IReadOnlyCollection<long> people)
    {
        using var connection = Connect();
        return connection
            .Query<(long Person, int Count)>(
                "SELECT person_key, count(*) FROM faces WHERE person_key IN (SELECT value FROM json_each(@people)) GROUP BY person_key",
                new { people = $"[{string.Join(',', people)}]" })
            .ToDictionary(row => row.Person, row => row.Count);
    }

    /// <summary>The picture of the person's best face as a JPEG; null when there is none.</summary>
    public byte[]? ReadPicture(long person)
    {
        using var connection = Connect();
        return connection.QueryFirstOrDefault<byte[]>(
            """
            SELECT pictures.jpeg FROM faces JOIN pictures ON pictures.face_key = faces.key
            WHERE faces.person_key = @person ORDER BY faces.quality DESC LIMIT 1
            """,
            new { person });
    }

    /// <summary>The picture of a face as a JPEG; null when the person does not have the face, or the face has no picture.</summary>
    public byte[]? ReadPicture(long person, Guid face)
    {
        using var connection = Connect();
        return connection.QueryFirstOrDefault<byte[]>(
            """
            SELECT pictures.jpeg FROM faces JOIN pictures ON pictures.face_key = faces.key
            WHERE faces.person_key = @person AND faces.id = @face
            """,
            new { person, face = face.ToString() });
    }

    /// <returns>The row key of the new person; <paramref name="added"/> receives the indexes of the stored faces.</returns>
    public long InsertPerson(Person person, IReadOnlyList<GalleryFace> faces, out IReadOnlyList<int> added)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction();
        var key = connection.ExecuteScalar<long>(
            """
            INSERT INTO people (id, name, name_key, country, image, performer_url, created_at, updated_at)
            VALUES (@Id, @Name, @NameKey, @Country, @Image, @PerformerUrl, @CreatedAt, @UpdatedAt)
            RETURNING key
            """,
            PersonRow.Of(person),
            transaction);
        added = InsertFaces(connection, transaction, key, faces, person.CreatedAt);
        transaction.Commit();
        return key;
    }

    /// <returns>The indexes of the faces that were not stored before.</returns>
    public IReadOnlyList<int> InsertFaces(Person person, IReadOnlyList<GalleryFace> faces)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction();
        var added = InsertFaces(connection, transaction, person.Key, faces, person.UpdatedAt);
        connection.Execute("UPDATE people SET updated_at = @UpdatedAt WHERE key = @Key", PersonRow.Of(person), transaction);
        transaction.Commit();
        return added;
    }

    public void UpdatePerson(Person person, bool isRenamed)
    {
        using var connection = Connect();
        connection.Execute(
            $"""
            UPDATE people SET name = @Name, name_key = {(isRenamed ? "@NameKey" : "name_key")}, country = @Country, image = @Image,
                performer_url = @PerformerUrl, updated_at = @UpdatedAt
            WHERE key = @Key
            """,
            PersonRow.Of(person));
    }

    /// <summary>The version of the gallery, which grows with every change.</summary>
    public long ReadVersion()
    {
        using var connection = Connect();
        return connection.ExecuteScalar<long>("SELECT version FROM gallery");
    }

    public void DeletePerson(long person)
    {
        using var connection = Connect();
        connection.Execute("DELETE FROM people WHERE key = @person", new { person });
        Empty(connection);
    }

    /// <summary>
    /// Moves all faces of <paramref name="from"/> to <paramref name="into"/> and deletes those people; a face that both had is kept once.
    /// </summary>
    public void MergePeople(Person into, IReadOnlyCollection<long> from)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction();
        foreach (var person in from)
        {
            connection.Execute(
                "UPDATE OR IGNORE faces SET person_key = @Key WHERE person_key = @person", new { into.Key, person }, transaction);
            connection.Execute("DELETE FROM people WHERE key = @person", new { person }, transaction);
        }

        connection.Execute("UPDATE people SET updated_at = @UpdatedAt WHERE key = @Key", PersonRow.Of(into), transaction);
        transaction.Commit();
    }

    /// <returns>False when the person does not have the face.</returns>
    public bool DeleteFace(long person, Guid face)
    {
        using var connection = Connect();
        return connection.Execute("DELETE FROM faces WHERE person_key = @person AND id = @face", new { person, face = face.ToString() })
            > 0;
    }

    /// <summary>The faces of a person, with vectors and pictures, as they were stored.</summary>
    public IReadOnlyList<GalleryFace> ReadGalleryFaces(long person)
    {
        using var connection = Connect();
        return
        [
            .. connection
                .Query<(byte[] Embedding, double Quality, byte[]? Jpeg, string Source)>(
                    """
                    SELECT embedding, quality, jpeg, source FROM faces LEFT JOIN pictures ON face_key = key
                    WHERE person_key = @person ORDER BY key
                    """,
                    new { person })
                .Select(row => new GalleryFace(
                    MemoryMarshal.Cast<byte, float>(row.Embedding).ToArray(), (float)row.Quality, row.Jpeg, row.Source)),
        ];
    }

    private static List<int> InsertFaces(
        SqliteConnection connection, SqliteTransaction transaction, long person, IReadOnlyList<GalleryFace> faces, DateTimeOffset now)
    {
        var added = new List<int>();
        for (var i = 0; i < faces.Count; i++)
        {
            var face = faces[i];
            var key = connection.ExecuteScalar<long?>(
                """
                INSERT INTO faces (id, person_key, source, embedding, quality, created_at)
                VALUES (@id, @person, @Source, @embedding, @Quality, @now)
                ON CONFLICT (person_key, source) DO NOTHING
                RETURNING key
                """,
                new
                {
                    id = Guid.CreateVersion7(now).ToString(),
                    person,
                    face.Source,
                    embedding = MemoryMarshal.AsBytes(face.Vector.AsSpan()).ToArray(),
                    face.Quality,
                    now = now.ToUnixTimeMilliseconds(),
                },
                transaction);
            if (key is null)
                continue;

            added.Add(i);
            if (face.Jpeg is { } jpeg)
                connection.Execute("INSERT INTO pictures (face_key, jpeg) VALUES (@key, @jpeg)", new { key, jpeg }, transaction);
        }

        return added;
    }

    /// <summary>
    /// Recomputes the keys of names. If two names that an earlier version told apart now have the same key, the later person gets a unique
    /// one.
    /// </summary>
    private static void UpdateNameKeys(SqliteConnection connection)
    {
        var rows = connection.Query<(long Key, string Name, string NameKey)>(
            "SELECT key, name, name_key FROM people ORDER BY key").ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var changed = new List<(long Key, string NameKey)>();
        foreach (var row in rows)
        {
            var wanted = NameKey.Of(row.Name);
            if (!seen.Add(wanted))
                wanted = $"{wanted}\n{row.Key}";
            if (wanted != row.NameKey)
                changed.Add((row.Key, wanted));
        }

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

    /// <summary>
    /// Empties the write-ahead log, so that nothing of a deleted person is left in it. It waits for the few readers there are.
    /// </summary>
    private static void Empty(SqliteConnection connection) =>
        connection.Execute("PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint(TRUNCATE)");

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        // What is deleted is overwritten: deleting a person is a right that people have.
        connection.Execute("PRAGMA secure_delete = ON");
        return connection;
    }
}
