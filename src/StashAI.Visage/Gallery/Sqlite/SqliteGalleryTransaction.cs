using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;

namespace StashAI.Visage.Gallery.Sqlite;

/// <summary>One change of the file.</summary>
internal sealed class SqliteGalleryTransaction : IGalleryTransaction
{
    private readonly SqliteConnection connection;
    private readonly SqliteTransaction transaction;

    /// <param name="connection">An open connection, which this owns.</param>
    public SqliteGalleryTransaction(SqliteConnection connection)
    {
        this.connection = connection;
        try
        {
            transaction = connection.BeginTransaction();
            Version = ReadVersion(connection, transaction);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public long Version { get; }

    public static long ReadVersion(SqliteConnection connection, SqliteTransaction? transaction) =>
        connection.ExecuteScalar<long>("SELECT version FROM gallery", transaction: transaction);

    /// <summary>Nobody else changes the file, so there is never a change that this process does not know.</summary>
    public Task ReadChangesAsync(long since, IGalleryReceiver receiver, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<(long Key, IReadOnlyList<int> Added)> InsertPersonAsync(
        Person person, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken)
    {
        var key = connection.ExecuteScalar<long>(
            """
            INSERT INTO people (id, name, name_key, country, image, performer_url, created_at, updated_at)
            VALUES (@Id, @Name, @NameKey, @Country, @Image, @PerformerUrl, @CreatedAt, @UpdatedAt)
            RETURNING key
            """,
            SqlitePersonRow.Of(person),
            transaction);
        return Task.FromResult<(long, IReadOnlyList<int>)>((key, InsertFaces(key, faces, person.CreatedAt)));
    }

    public Task<IReadOnlyList<int>> InsertFacesAsync(Person person, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken)
    {
        var added = InsertFaces(person.Key, faces, person.UpdatedAt);
        if (added.Count > 0) Touch(person);
        return Task.FromResult<IReadOnlyList<int>>(added);
    }

    public Task UpdatePersonAsync(Person person, bool isRenamed, CancellationToken cancellationToken)
    {
        connection.Execute(
            $"""
            UPDATE people SET name = @Name, name_key = {(isRenamed ? "@NameKey" : "name_key")}, country = @Country, image = @Image,
                performer_url = @PerformerUrl, updated_at = @UpdatedAt
            WHERE key = @Key
            """,
            SqlitePersonRow.Of(person),
            transaction);
        return Task.CompletedTask;
    }

    public Task DeletePersonAsync(long person, CancellationToken cancellationToken)
    {
        connection.Execute("DELETE FROM people WHERE key = @person", new { person }, transaction);
        connection.Execute(SqliteGalleryScrub.Request, transaction: transaction);
        return Task.CompletedTask;
    }

    public Task MergePeopleAsync(Person into, IReadOnlyCollection<long> from, CancellationToken cancellationToken)
    {
        foreach (var person in from)
        {
            connection.Execute(
                "UPDATE OR IGNORE faces SET person_key = @Key WHERE person_key = @person", new { into.Key, person }, transaction);
            connection.Execute(
                "UPDATE OR IGNORE rejections SET person_key = @Key WHERE person_key = @person", new { into.Key, person }, transaction);
            connection.Execute("DELETE FROM people WHERE key = @person", new { person }, transaction);
        }

        Touch(into);
        return Task.CompletedTask;
    }

    public Task MoveFacesAsync(Person from, Person into, IReadOnlyCollection<Guid> faces, CancellationToken cancellationToken)
    {
        foreach (var face in faces)
        {
            var row = new { into = into.Key, from = from.Key, face = face.ToString() };
            connection.Execute("UPDATE OR IGNORE faces SET person_key = @into WHERE person_key = @from AND id = @face", row, transaction);
            connection.Execute("DELETE FROM faces WHERE person_key = @from AND id = @face", row, transaction);
        }

        Touch(from);
        Touch(into);
        return Task.CompletedTask;
    }

    public Task<bool> DeleteFaceAsync(long person, Guid face, CancellationToken cancellationToken) => Task.FromResult(
        connection.Execute(
            "DELETE FROM faces WHERE person_key = @person AND id = @face", new { person, face = face.ToString() }, transaction) > 0);

    public Task<IReadOnlyList<float[]>> ReadVectorsAsync(long person, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<float[]>>(
        [
            .. connection
                .Query<byte[]>("SELECT embedding FROM faces WHERE person_key = @person ORDER BY key", new { person }, transaction)
                .Select(embedding => MemoryMarshal.Cast<byte, float>(embedding).ToArray()),
        ]);

    public Task InsertRejectionsAsync(Person person, IReadOnlyList<Rejection> rejections, CancellationToken cancellationToken)
    {
        foreach (var rejection in rejections)
        {
            connection.Execute(
                """
                INSERT INTO rejections (id, person_key, source, embedding, created_at) VALUES (@id, @Key, @Source, @embedding, @now)
                ON CONFLICT (person_key, source) DO NOTHING
                """,
                new
                {
                    id = rejection.Id.ToString(),
                    person.Key,
                    rejection.Source,
                    embedding = MemoryMarshal.AsBytes(rejection.Vector.AsSpan()).ToArray(),
                    now = rejection.CreatedAt.ToUnixTimeMilliseconds(),
                },
                transaction);
        }

        return Task.CompletedTask;
    }

    public Task DeleteRejectionsAsync(IReadOnlyCollection<Guid> rejections, CancellationToken cancellationToken)
    {
        foreach (var rejection in rejections)
            connection.Execute("DELETE FROM rejections WHERE id = @id", new { id = rejection.ToString() }, transaction);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Rejection>> ReadRejectionsAsync(long person, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Rejection>>(
            [.. ReadRejections(connection, transaction, person).Select(rejection => rejection.Rejection)]);

    /// <summary>The rejections of a person, or of all people for null, in order.</summary>
    public static IEnumerable<(long Person, Rejection Rejection)> ReadRejections(
        SqliteConnection connection, SqliteTransaction? transaction, long? person) => connection
        .Query<(long Person, string Id, byte[] Embedding, string Source, long CreatedAt)>(
            // One condition for both would read the rejections of all people to find those of one.
            $"""
            SELECT person_key, id, embedding, source, created_at FROM rejections
            {(person is null ? "" : "WHERE person_key = @person")} ORDER BY key
            """,
            new { person },
            transaction)
        .Select(row => (
            row.Person,
            new Rejection(
                Guid.Parse(row.Id), MemoryMarshal.Cast<byte, float>(row.Embedding).ToArray(), row.Source,
                DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt))));

    public Task<long> CommitAsync()
    {
        var version = ReadVersion(connection, transaction);
        transaction.Commit();
        return Task.FromResult(version);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private void Touch(Person person) =>
        connection.Execute("UPDATE people SET updated_at = @UpdatedAt WHERE key = @Key", SqlitePersonRow.Of(person), transaction);

    private List<int> InsertFaces(long person, IReadOnlyList<GalleryFace> faces, DateTimeOffset now)
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
                    id = (face.Id ?? Guid.CreateVersion7(now)).ToString(),
                    person,
                    face.Source,
                    embedding = MemoryMarshal.AsBytes(face.Vector.AsSpan()).ToArray(),
                    face.Quality,
                    now = (face.CreatedAt ?? now).ToUnixTimeMilliseconds(),
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
}
