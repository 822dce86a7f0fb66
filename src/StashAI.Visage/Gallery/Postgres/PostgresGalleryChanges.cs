using System.Runtime.InteropServices;
using Npgsql;
using StashAI.Visage.Embedding;
using static StashAI.Visage.Gallery.Postgres.PostgresGalleryBatch;

namespace StashAI.Visage.Gallery.Postgres;

/// <summary>Reads what changed after a version, within a transaction that sees one state of the gallery.</summary>
internal static class PostgresGalleryChanges
{
    private const int VectorBytes = FaceEmbedding.Dimensions * sizeof(float);

    /// <summary>A large gallery takes seconds.</summary>
    private const int Timeout = 300;

    public static async Task ReadAsync(
        NpgsqlConnection connection, long since, IGalleryReceiver receiver, CancellationToken cancellationToken)
    {
        await using var batch = new PostgresGalleryBatch(connection, timeout: Timeout);
        if (since == 0)
        {
            batch.Add("SELECT NULL::bigint WHERE false");
            batch.Add($"SELECT {PostgresPersonRow.Columns}, false FROM visage_people ORDER BY key");
            batch.Add("SELECT person_key, embedding FROM visage_faces");
            batch.Add("SELECT person_key, embedding FROM visage_rejections ORDER BY person_key, key");
        }
        else
        {
            batch.Add("SELECT person_key FROM visage_removed WHERE version > $1", Bigint(since));
            batch.Add(
                $"SELECT {PostgresPersonRow.Columns}, replaced > $1 FROM visage_people WHERE version > $1 ORDER BY key", Bigint(since));
            batch.Add(
                """
                SELECT f.person_key, f.embedding FROM visage_people AS p JOIN visage_faces AS f ON f.person_key = p.key
                WHERE p.version > $1 AND (p.replaced > $1 OR f.version > $1)
                """,
                Bigint(since));
            batch.Add(
                """
                SELECT p.key, r.embedding FROM visage_people AS p LEFT JOIN visage_rejections AS r ON r.person_key = p.key
                WHERE p.version > $1 AND p.rejected > $1 ORDER BY p.key, r.key
                """,
                Bigint(since));
        }

        await using var reader = await batch.ReadAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            receiver.RemovePerson(reader.GetInt64(0));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var person = PostgresPersonRow.Read(reader);
            receiver.PutPerson(person, reader.GetBoolean(PostgresPersonRow.Count));
        }

        await reader.NextResultAsync(cancellationToken);
        await ReadFacesAsync(reader, receiver, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await ReadRejectionsAsync(reader, receiver, cancellationToken);
    }

    private static async Task ReadFacesAsync(NpgsqlDataReader reader, IGalleryReceiver receiver, CancellationToken cancellationToken)
    {
        var vector = new float[FaceEmbedding.Dimensions];
        var bytes = new byte[VectorBytes + 1];
        while (await reader.ReadAsync(cancellationToken))
        {
            var person = reader.GetInt64(0);
            if (reader.GetBytes(1, 0, bytes, 0, bytes.Length) != VectorBytes) continue;
            Buffer.BlockCopy(bytes, 0, vector, 0, VectorBytes);
            receiver.AddFace(person, vector);
        }
    }

    /// <summary>A person without rejections any more has one row without a vector.</summary>
    private static async Task ReadRejectionsAsync(NpgsqlDataReader reader, IGalleryReceiver receiver, CancellationToken cancellationToken)
    {
        var rejections = new List<(long Person, float[]? Vector)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rejections.Add((
                reader.GetInt64(0),
                reader.IsDBNull(1) ? null : MemoryMarshal.Cast<byte, float>(reader.GetFieldValue<byte[]>(1)).ToArray()));
        }

        foreach (var person in rejections.GroupBy(rejection => rejection.Person, rejection => rejection.Vector))
            receiver.PutRejections(person.Key, [.. person.OfType<float[]>()]);
    }
}
