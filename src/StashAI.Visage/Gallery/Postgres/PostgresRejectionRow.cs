using System.Runtime.InteropServices;
using Npgsql;

namespace StashAI.Visage.Gallery.Postgres;

/// <summary>A rejected face as PostgreSQL stores it.</summary>
internal static class PostgresRejectionRow
{
    /// <summary>The rejections of a person ($1), in order.</summary>
    public const string OfPerson =
        "SELECT id, embedding, source, created_at FROM visage_rejections WHERE person_key = $1 ORDER BY key";

    public static Rejection Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), MemoryMarshal.Cast<byte, float>(row.GetFieldValue<byte[]>(1)).ToArray(), row.GetString(2),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)));
}
