using System.Runtime.InteropServices;
using Npgsql;
using static StashAI.Visage.Gallery.Postgres.PostgresGalleryBatch;

namespace StashAI.Visage.Gallery.Postgres;

/// <summary>One change of the gallery. It holds the lock of the gallery's row, so changes of all processes follow each other.</summary>
internal sealed class PostgresGalleryTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, long version)
    : IGalleryTransaction
{
    private long next = version + 1;
    private bool hasChanges;

    public long Version => version;

    /// <summary>Makes the version of this change higher than another one.</summary>
    public void ContinueAfter(long other) => next = Math.Max(next, other + 1);

    public Task ReadChangesAsync(long since, IGalleryReceiver receiver, CancellationToken cancellationToken)
    {
        if (version < since)
        {
            receiver.Clear();
            since = 0;
        }

        return PostgresGalleryChanges.ReadAsync(connection, since, receiver, cancellationToken);
    }

    public Task<(long Key, IReadOnlyList<int> Added)> InsertPersonAsync(
        Person person, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken) =>
        InsertPersonAsync(person, NameKey.Of(person.Name), faces, cancellationToken);

    /// <summary>Adds a person with another key than the name's, because another person has that one.</summary>
    public async Task<(long Key, IReadOnlyList<int> Added)> InsertPersonAsync(
        Person person, string nameKey, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken)
    {
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add(
            """
            INSERT INTO visage_people (id, name, name_key, country, image, performer_url, created_at, updated_at, version, replaced, rejected)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0) RETURNING key
            """,
            Uuid(person.Id), Text(person.Name), Text(nameKey), Text(person.Country), Text(person.Image), Text(person.PerformerUrl),
            Bigint(person.CreatedAt.ToUnixTimeMilliseconds()), Bigint(person.UpdatedAt.ToUnixTimeMilliseconds()), Bigint(next));
        hasChanges = true;
        long key;
        await using (var reader = await batch.ReadAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            key = reader.GetInt64(0);
        }

        return (key, await InsertFacesAsync(key, faces, person.CreatedAt, cancellationToken));
    }

    public async Task<IReadOnlyList<int>> InsertFacesAsync(
        Person person, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken)
    {
        var added = await InsertFacesAsync(person.Key, faces, person.UpdatedAt, cancellationToken);
        if (added.Count > 0) await TouchAsync(person, cancellationToken);
        return added;
    }

    public async Task UpdatePersonAsync(Person person, bool isRenamed, CancellationToken cancellationToken)
    {
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add(
            """
            UPDATE visage_people SET name = $2, name_key = COALESCE($3, name_key), country = $4, image = $5, performer_url = $6,
                updated_at = $7, version = $8
            WHERE key = $1
            """,
            Bigint(person.Key), Text(person.Name), Text(isRenamed ? NameKey.Of(person.Name) : null), Text(person.Country),
            Text(person.Image), Text(person.PerformerUrl), Bigint(person.UpdatedAt.ToUnixTimeMilliseconds()), Bigint(next));
        hasChanges = true;
        await batch.RunAsync(cancellationToken);
    }

    public async Task DeletePersonAsync(long person, CancellationToken cancellationToken)
    {
        await using var batch = new PostgresGalleryBatch(connection);
        AddRemoval(batch, person);
        await batch.RunAsync(cancellationToken);
    }

    public async Task MergePeopleAsync(Person into, IReadOnlyCollection<long> from, CancellationToken cancellationToken)
    {
        await using var batch = new PostgresGalleryBatch(connection);
        foreach (var person in from)
        {
            batch.Add(
                """
                UPDATE visage_faces AS f SET person_key = $1, version = $3
                WHERE person_key = $2 AND NOT EXISTS (SELECT 1 FROM visage_faces AS o WHERE o.person_key = $1 AND o.source = f.source)
                """,
                Bigint(into.Key), Bigint(person), Bigint(next));
            batch.Add(
                """
                UPDATE visage_rejections AS r SET person_key = $1
                WHERE person_key = $2
                    AND NOT EXISTS (SELECT 1 FROM visage_rejections AS o WHERE o.person_key = $1 AND o.source = r.source)
                """,
                Bigint(into.Key), Bigint(person));
            AddRemoval(batch, person);
        }

        batch.Add("UPDATE visage_people SET rejected = $2 WHERE key = $1", Bigint(into.Key), Bigint(next));
        await batch.RunAsync(cancellationToken);
        await TouchAsync(into, cancellationToken);
    }

    public async Task MoveFacesAsync(Person from, Person into, IReadOnlyCollection<Guid> faces, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. faces];
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add(
            """
            UPDATE visage_faces AS f SET person_key = $1, version = $4
            WHERE person_key = $2 AND id = ANY ($3)
                AND NOT EXISTS (SELECT 1 FROM visage_faces AS o WHERE o.person_key = $1 AND o.source = f.source)
            """,
            Bigint(into.Key), Bigint(from.Key), Uuids(ids), Bigint(next));
        batch.Add("DELETE FROM visage_faces WHERE person_key = $1 AND id = ANY ($2)", Bigint(from.Key), Uuids(ids));
        batch.Add("UPDATE visage_people SET replaced = $2 WHERE key = $1", Bigint(from.Key), Bigint(next));
        await batch.RunAsync(cancellationToken);
        await TouchAsync(from, cancellationToken);
        await TouchAsync(into, cancellationToken);
    }

    public async Task<bool> DeleteFaceAsync(long person, Guid face, CancellationToken cancellationToken)
    {
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add(
            """
            WITH removed AS (DELETE FROM visage_faces WHERE person_key = $1 AND id = $2 RETURNING person_key)
            UPDATE visage_people SET version = $3, replaced = $3 WHERE key IN (SELECT person_key FROM removed) RETURNING key
            """,
            Bigint(person), Uuid(face), Bigint(next));
        await using var reader = await batch.ReadAsync(cancellationToken);
        var isFound = await reader.ReadAsync(cancellationToken);
        hasChanges |= isFound;
        return isFound;
    }

    public async Task<IReadOnlyList<float[]>> ReadVectorsAsync(long person, CancellationToken cancellationToken)
    {
        var vectors = new List<float[]>();
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add("SELECT embedding FROM visage_faces WHERE person_key = $1 ORDER BY key", Bigint(person));
        await using var reader = await batch.ReadAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            vectors.Add(MemoryMarshal.Cast<byte, float>(reader.GetFieldValue<byte[]>(0)).ToArray());
        return vectors;
    }

    public async Task InsertRejectionsAsync(Person person, IReadOnlyList<Rejection> rejections, CancellationToken cancellationToken)
    {
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add(
            """
            WITH added AS (
                INSERT INTO visage_rejections (id, person_key, source, embedding, created_at)
                SELECT id, $1, source, embedding, created_at
                FROM unnest($3, $4, $5, $6) WITH ORDINALITY AS r (id, source, embedding, created_at, n) ORDER BY n
                ON CONFLICT (person_key, source) DO NOTHING RETURNING key
            )
            UPDATE visage_people SET version = $2, rejected = $2 WHERE key = $1 AND EXISTS (SELECT 1 FROM added) RETURNING key
            """,
            Bigint(person.Key), Bigint(next), Uuids([.. rejections.Select(rejection => rejection.Id)]),
            Texts([.. rejections.Select(rejection => rejection.Source)]),
            Blobs([.. rejections.Select(rejection => MemoryMarshal.AsBytes(rejection.Vector.AsSpan()).ToArray())]),
            Bigints([.. rejections.Select(rejection => rejection.CreatedAt.ToUnixTimeMilliseconds())]));
        await NoteChangeAsync(batch, cancellationToken);
    }

    public async Task DeleteRejectionsAsync(IReadOnlyCollection<Guid> rejections, CancellationToken cancellationToken)
    {
        if (rejections.Count == 0) return;
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add(
            """
            WITH removed AS (DELETE FROM visage_rejections WHERE id = ANY ($1) RETURNING person_key)
            UPDATE visage_people SET version = $2, rejected = $2 WHERE key IN (SELECT person_key FROM removed) RETURNING key
            """,
            Uuids([.. rejections]), Bigint(next));
        await NoteChangeAsync(batch, cancellationToken);
    }

    public async Task<IReadOnlyList<Rejection>> ReadRejectionsAsync(long person, CancellationToken cancellationToken)
    {
        var rejections = new List<Rejection>();
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add(PostgresRejectionRow.OfPerson, Bigint(person));
        await using var reader = await batch.ReadAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rejections.Add(PostgresRejectionRow.Read(reader));
        return rejections;
    }

    public async Task<long> CommitAsync()
    {
        if (!hasChanges) return version;
        await using (var batch = new PostgresGalleryBatch(connection))
            await batch.Add("UPDATE visage_gallery SET version = $1", Bigint(next)).RunAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return next;
    }

    public async ValueTask DisposeAsync()
    {
        // What was not committed is rolled back.
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    /// <summary>Runs a statement that returns a row for each change.</summary>
    private async Task NoteChangeAsync(PostgresGalleryBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ReadAsync(cancellationToken);
        hasChanges |= await reader.ReadAsync(cancellationToken);
    }

    private void AddRemoval(PostgresGalleryBatch batch, long person)
    {
        hasChanges = true;
        batch.Add("DELETE FROM visage_people WHERE key = $1", Bigint(person));
        batch.Add("INSERT INTO visage_removed (person_key, version) VALUES ($1, $2)", Bigint(person), Bigint(next));
    }

    private async Task TouchAsync(Person person, CancellationToken cancellationToken)
    {
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add(
            "UPDATE visage_people SET updated_at = $2, version = $3 WHERE key = $1",
            Bigint(person.Key), Bigint(person.UpdatedAt.ToUnixTimeMilliseconds()), Bigint(next));
        hasChanges = true;
        await batch.RunAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<int>> InsertFacesAsync(
        long person, IReadOnlyList<GalleryFace> faces, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (faces.Count == 0) return [];
        Guid[] ids = [.. faces.Select(face => face.Id ?? Guid.CreateVersion7(now))];
        await using var batch = new PostgresGalleryBatch(connection);
        batch.Add(
            """
            WITH added AS (
                INSERT INTO visage_faces (id, person_key, source, embedding, quality, created_at, version)
                SELECT id, $1, source, embedding, quality, created_at, $2
                FROM unnest($3, $4, $5, $6, $7) WITH ORDINALITY AS f (id, source, embedding, quality, created_at, n) ORDER BY n
                ON CONFLICT (person_key, source) DO NOTHING RETURNING key, id
            ), pictured AS (
                INSERT INTO visage_pictures (face_key, jpeg)
                SELECT added.key, jpeg FROM added JOIN unnest($3, $8) AS p (id, jpeg) ON p.id = added.id WHERE jpeg IS NOT NULL
            )
            SELECT id FROM added
            """,
            Bigint(person), Bigint(next), Uuids(ids), Texts([.. faces.Select(face => face.Source)]),
            Blobs([.. faces.Select(face => MemoryMarshal.AsBytes(face.Vector.AsSpan()).ToArray())]),
            Doubles([.. faces.Select(face => (double)face.Quality)]),
            Bigints([.. faces.Select(face => (face.CreatedAt ?? now).ToUnixTimeMilliseconds())]),
            Blobs([.. faces.Select(face => face.Jpeg)]));
        var stored = new HashSet<Guid>();
        await using var reader = await batch.ReadAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            stored.Add(reader.GetGuid(0));
        return [.. Enumerable.Range(0, faces.Count).Where(i => stored.Contains(ids[i]))];
    }
}
