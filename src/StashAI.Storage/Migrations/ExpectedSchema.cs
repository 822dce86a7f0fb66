using Microsoft.Data.Sqlite;

namespace StashAI.Storage.Migrations;

/// <summary>
/// The columns and indexes that this program needs. They are read from an empty SQLite database in memory, because both databases have the
/// same; what only one of them has is listed here.
/// </summary>
internal sealed class ExpectedSchema
{
    private static readonly (string Table, string Column)[] OnlyInSqlite =
        [("nodes", "has_lock"), ("erasure_blanks", "id"), ("erasure_blanks", "data")];

    private static readonly string[] IndexesOnlyInSqlite = ["queue_tasks_of_node"];

    private ExpectedSchema(IReadOnlyList<(string, string)> columns, IReadOnlyList<string> indexes) =>
        (Columns, Indexes) = (columns, indexes);

    public IReadOnlyList<(string Table, string Column)> Columns { get; }

    /// <summary>Indexes. Without a unique or an explicitly named index, statements fail; without any other, they take minutes.</summary>
    public IReadOnlyList<string> Indexes { get; }

    public static ExpectedSchema OfSqlite()
    {
        var (columns, indexes) = Read();
        return new ExpectedSchema(columns, indexes);
    }

    public static ExpectedSchema OfPostgres()
    {
        var (columns, indexes) = Read();
        return new ExpectedSchema([.. columns.Except(OnlyInSqlite)], [.. indexes.Except(IndexesOnlyInSqlite)]);
    }

    /// <summary>What a database lacks and how to fix it, in one sentence; null when nothing is missing.</summary>
    public string? Missing(string database, IReadOnlySet<(string Table, string Column)> found, IReadOnlySet<string> indexes)
    {
        var missing = Columns.Where(column => !found.Contains(column)).ToList();
        var index = Indexes.FirstOrDefault(name => !indexes.Contains(name));
        if (missing.Count == 0 && index is null) return null;
        var tables = missing.Select(column => column.Table).Distinct().Where(table => !found.Any(column => column.Table == table)).ToList();
        var first = tables.Count > 0 ? $"the table {tables[0]} is missing"
            : missing.Count > 0 ? $"the column {missing[0].Column} of {missing[0].Table} is missing" : $"the index {index} is missing";
        return $"{database} does not have the schema of this version ({first}): "
            + "it was changed by hand, or created by an unreleased version. Restore a backup, or start with an empty database.";
    }

    private static (List<(string, string)> Columns, List<string> Indexes) Read()
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        foreach (var script in MigrationScripts.Sqlite)
        {
            command.CommandText = script.Contents;
            command.ExecuteNonQuery();
        }

        command.CommandText = "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND "
            + "m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2";
        var columns = new List<(string, string)>();
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read()) columns.Add((rows.GetString(0), rows.GetString(1)));
        }

        command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
        var indexes = new List<string>();
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read()) indexes.Add(rows.GetString(0));
        }

        return (columns, indexes);
    }
}
