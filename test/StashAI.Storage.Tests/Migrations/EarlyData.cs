using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace StashAI.Storage.Tests.Migrations;

/// <summary>
/// The rows of a real database of the first schema, with jobs in every state, inputs, payloads, results, attempts and an idempotency key.
/// The program of that time wrote them; they are put back column by column into either database.
/// </summary>
internal static class EarlyData
{
    private const string Bytes = "base64:";

    public static void Load(SqliteConnection connection) => Load(connection, (_, _) => null);

    public static void Load(NpgsqlConnection connection)
    {
        Load(connection, (table, column) => Scalar(
            connection, $"SELECT data_type FROM information_schema.columns WHERE table_name = '{table}' AND column_name = '{column}'"));
        // Each database remembers in its own way what was requeued; it matters only while a task waits.
        Scalar(connection, "UPDATE queue_tasks SET requeued = 0 WHERE state <> 0");
        foreach (var table in (string[])["nodes", "lanes", "queue_jobs", "payloads"])
            Scalar(connection, $"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))::text");
    }

    private static void Load(DbConnection connection, Func<string, string, string?> typeOf)
    {
        using var stream = typeof(EarlyData).Assembly.GetManifestResourceStream("0001.json")!;
        using var document = JsonDocument.Parse(stream);
        foreach (var table in document.RootElement.EnumerateObject())
        {
            foreach (var row in table.Value.EnumerateArray()) Insert(connection, table.Name, row, typeOf);
        }
    }

    private static void Insert(DbConnection connection, string table, JsonElement row, Func<string, string, string?> typeOf)
    {
        using var command = connection.CreateCommand();
        var columns = new List<string>();
        foreach (var column in row.EnumerateObject())
        {
            var type = typeOf(table, column.Name);
            // PostgreSQL has no lock files.
            if (connection is NpgsqlConnection && type is null) continue;
            var parameter = command.CreateParameter();
            parameter.ParameterName = connection is NpgsqlConnection ? "" : $"${columns.Count + 1}";
            parameter.Value = Read(column.Value, type);
            command.Parameters.Add(parameter);
            columns.Add(column.Name);
        }

        command.CommandText =
            $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES "
            + $"({string.Join(", ", Enumerable.Range(1, columns.Count).Select(i => $"${i}"))})";
        command.ExecuteNonQuery();
    }

    private static object Read(JsonElement value, string? type)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            var text = value.GetString()!;
            if (!text.StartsWith(Bytes, StringComparison.Ordinal)) return text;
            var bytes = Convert.FromBase64String(text[Bytes.Length..]);
            return type == "uuid" ? new Guid(bytes, bigEndian: true) : bytes;
        }

        return type switch
        {
            "smallint" => value.GetInt16(),
            "integer" => value.GetInt32(),
            "double precision" => value.GetDouble(),
            _ => value.TryGetInt64(out var number) ? number : value.GetDouble(),
        };
    }

    private static string? Scalar(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;
    }
}
