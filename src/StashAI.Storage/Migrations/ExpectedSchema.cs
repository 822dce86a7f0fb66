using Microsoft.Data.Sqlite;

namespace StashAI.Storage.Migrations;

/// <summary>
/// The columns that this program works with. Both databases have the same, so they are read from an empty SQLite database in memory; what only one
/// of them has is listed here.
/// </summary>
internal sealed class ExpectedSchema
{
    private static readonly (string Table, string Column)[] OnlyInSqlite = [("nodes", "has_lock")];

    private ExpectedSchema(IReadOnlyList<(string, string)> columns) => Columns = columns;

    /// <summary>Tables and their columns, in order.</summary>
    public IReadOnlyList<(string Table, string Column)> Columns { get; }

    public static ExpectedSchema OfSqlite() => new(Read());

    public static ExpectedSchema OfPostgres() => new([.. Read().Except(OnlyInSqlite)]);

    /// <summary>What a database lacks, as a sentence with the way out; null when nothing is missing.</summary>
    public string? Missing(string database, IReadOnlySet<(string Table, string Column)> found)
    {
        var missing = Columns.Where(column => !found.Contains(column)).ToList();
        if (missing.Count == 0) return null;
        var tables = missing.Select(column => column.Table).Distinct().Where(table => !found.Any(column => column.Table == table)).ToList();
        var first = tables.Count > 0 ? $"the table {tables[0]} is missing" : $"the column {missing[0].Column} of {missing[0].Table} is missing";
        return $"{database} does not have the schema of this version ({first}): it was changed by hand or made by a version that was never released. "
            + "Restore a backup, or start with an empty database.";
    }

    private static List<(string, string)> Read()
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        foreach (var script in MigrationScripts.Sqlite)
        {
            command.CommandText = script.Contents;
            command.ExecuteNonQuery();
        }

        command.CommandText = "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2";
        using var rows = command.ExecuteReader();
        var columns = new List<(string, string)>();
        while (rows.Read()) columns.Add((rows.GetString(0), rows.GetString(1)));
        return columns;
    }
}
