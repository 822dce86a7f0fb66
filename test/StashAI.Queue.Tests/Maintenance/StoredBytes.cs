using Npgsql;
using StashAI.Queue.Tests.Engine;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>Finds bytes in everything that a database stores: in the raw files of SQLite, and in all values of PostgreSQL.</summary>
internal static class StoredBytes
{
    /// <summary>Which of the bytes are stored, with the place of the first ones.</summary>
    public static async Task<List<string>> FindAsync(EngineHouse house, IEnumerable<byte[]> wanted, CancellationToken cancellationToken)
    {
        var places = house.ConnectionString is { } postgres
            ? await ReadAsync(postgres, cancellationToken)
            : ReadFiles(house.Path);
        return [.. wanted.SelectMany(bytes => places.Where(place => place.Data.AsSpan().IndexOf(bytes) >= 0).Select(place => place.Name))];
    }

    private static List<(string Name, byte[] Data)> ReadFiles(string path)
    {
        var places = new List<(string, byte[])>();
        foreach (var file in (ReadOnlySpan<string>)[path, path + "-wal"])
        {
            if (!File.Exists(file)) continue;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var data = new byte[stream.Length];
            stream.ReadExactly(data);
            places.Add((Path.GetFileName(file), data));
        }

        return places;
    }

    private static async Task<List<(string Name, byte[] Data)>> ReadAsync(string postgres, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync(cancellationToken);
        var columns = new List<(string Table, string Column, bool IsText)>();
        await using (var command = new NpgsqlCommand(
            "SELECT table_name, column_name, data_type <> 'bytea' FROM information_schema.columns "
                + "WHERE table_schema = 'public' AND data_type IN ('text', 'bytea', 'uuid', 'character varying', 'jsonb')",
            connection))
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken)) columns.Add((rows.GetString(0), rows.GetString(1), rows.GetBoolean(2)));
        }

        var places = new List<(string, byte[])>();
        foreach (var (table, column, isText) in columns)
        {
            var value = isText ? $"convert_to({column}::text, 'UTF8')" : column;
            await using var command = new NpgsqlCommand($"SELECT {value} FROM {table} WHERE {column} IS NOT NULL", connection);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) places.Add(($"{table}.{column}", rows.GetFieldValue<byte[]>(0)));
        }

        return places;
    }
}
