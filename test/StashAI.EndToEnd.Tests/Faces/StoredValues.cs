using System.Data.Common;
using System.Text;
using Npgsql;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>Finds bytes in what a server stores: in its files on the disk, and in all columns of a PostgreSQL database.</summary>
internal static class StoredValues
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Files and columns that have the bytes, or the text in UTF-8.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="connectionString">The PostgreSQL database; null with SQLite.</param>
    /// <param name="value">What to look for.</param>
    public static async Task<List<string>> HoldingAsync(string folder, string? connectionString, byte[] value)
    {
        var holding = new List<string>();
        // Of a copy, because .NET opens no file that another process has locked.
        using var copy = new TempFolder();
        await ProgramRun.OutputAsync(["cp", "-r", folder, copy.File("data")], "/", Cancellation);
        foreach (var path in Directory.EnumerateFiles(copy.Path, "*", SearchOption.AllDirectories))
        {
            if ((await File.ReadAllBytesAsync(path, Cancellation)).AsSpan().IndexOf(value) >= 0)
                holding.Add(Path.GetRelativePath(copy.Path, path));
        }

        if (connectionString is null) return holding;
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        foreach (var table in await TablesAsync(connection)) holding.AddRange(await ColumnsAsync(connection, table, value));
        return holding;
    }

    public static Task<List<string>> HoldingAsync(string folder, string? connectionString, string text) =>
        HoldingAsync(folder, connectionString, Encoding.UTF8.GetBytes(text));

    private static async Task<List<string>> TablesAsync(NpgsqlConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
        await using var rows = await command.ExecuteReaderAsync(Cancellation);
        var tables = new List<string>();
        while (await rows.ReadAsync(Cancellation)) tables.Add(rows.GetString(0));
        return tables;
    }

    private static async Task<HashSet<string>> ColumnsAsync(NpgsqlConnection connection, string table, byte[] value)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM \"{table}\"";
        await using var rows = await command.ExecuteReaderAsync(Cancellation);
        var columns = new HashSet<string>();
        while (await rows.ReadAsync(Cancellation))
        {
            for (var i = 0; i < rows.FieldCount; i++)
            {
                if (BytesOf(rows, i).AsSpan().IndexOf(value) >= 0) columns.Add($"{table}.{rows.GetName(i)}");
            }
        }

        return columns;
    }

    private static byte[] BytesOf(DbDataReader rows, int column) => rows.GetValue(column) switch
    {
        byte[] bytes => bytes,
        string[] texts => Encoding.UTF8.GetBytes(string.Join('\n', texts)),
        DBNull => [],
        var value => Encoding.UTF8.GetBytes($"{value}"),
    };
}
