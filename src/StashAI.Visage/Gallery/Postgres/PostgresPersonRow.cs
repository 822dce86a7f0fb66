using Npgsql;

namespace StashAI.Visage.Gallery.Postgres;

/// <summary>A person as PostgreSQL stores it: times in Unix milliseconds, as in the SQLite file.</summary>
internal static class PostgresPersonRow
{
    public const string Columns = "key, id, name, country, image, performer_url, created_at, updated_at";

    /// <summary>The number of <see cref="Columns"/>.</summary>
    public const int Count = 8;

    public static Person Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1), row.GetString(2), Text(row, 3), Text(row, 4), Text(row, 5),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
