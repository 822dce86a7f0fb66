using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Reads rows and columns of a batch.</summary>
internal static class PostgresRows
{
    /// <summary>Runs a batch and reads the rows of its first result.</summary>
    public static async Task<List<T>> ListAsync<T>(PostgresBatch batch, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var rows = await batch.ReadAsync(cancellationToken);
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken)) list.Add(read(rows));
        return list;
    }

    /// <summary>Reads the first column of the rows of the current result.</summary>
    public static async Task<long[]> KeysAsync(NpgsqlDataReader rows)
    {
        var keys = new List<long>();
        while (await rows.ReadAsync()) keys.Add(rows.GetInt64(0));
        return [.. keys];
    }

    public static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
