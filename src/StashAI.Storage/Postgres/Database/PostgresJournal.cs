using System.Text.RegularExpressions;
using DbUp.Engine;
using Npgsql;
using StashAI.Queue.Store;

namespace StashAI.Storage.Postgres.Database;

/// <summary>
/// The table of applied migrations, <c>stashai_schemaversions</c>. Databases of the first versions have <c>schemaversions</c>, which is
/// DbUp's own name and may be shared with other programs; their rows are ignored.
/// </summary>
internal static partial class PostgresJournal
{
    public const string Table = "stashai_schemaversions";
    public const string FormerTable = "schemaversions";
    private const string OwnScripts = "StashAI.Storage.Migrations.%";

    private const string Where = """
        SELECT current_schema(),
            ARRAY (SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relname = $1 AND c.relkind IN ('r', 'p') AND n.nspname = ANY (current_schemas(false)) ORDER BY array_position(current_schemas(false), n.nspname)),
            ARRAY (SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'scriptname' AND NOT a.attisdropped
                WHERE c.relname = $2 AND c.relkind IN ('r', 'p') AND n.nspname = ANY (current_schemas(false)) ORDER BY array_position(current_schemas(false), n.nspname)),
            current_setting('search_path')
        """;

    private const string TakenTables = """
        SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relname = ANY ($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1 LIMIT 1
        """;

    /// <summary>Finds the place where the journal is or will be.</summary>
    /// <exception cref="StoreOpenException">The queue cannot be kept there; the message says why.</exception>
    public static (string Schema, string Table) Find(NpgsqlConnection connection, string name, IReadOnlyList<SqlScript> scripts)
    {
        string? schema;
        string[] journals, formers;
        string path;
        using (var command =
            new NpgsqlCommand(Where, connection) { Parameters = { new() { Value = Table }, new() { Value = FormerTable } } })
        using (var rows = command.ExecuteReader())
        {
            rows.Read();
            schema = rows.IsDBNull(0) ? null : rows.GetString(0);
            journals = rows.GetFieldValue<string[]>(1);
            formers = rows.GetFieldValue<string[]>(2);
            path = rows.GetString(3);
        }

        if (schema is null)
        {
            throw new StoreOpenException(
                $"{name} has none of the schemas of search_path ({path}): create one (CREATE SCHEMA {path.Split(',')[0].Trim()}), or "
                + "correct the name in the database URL.",
                true);
        }

        if (journals.Contains(schema)) return (schema, Table);
        formers = [.. formers.Where(one => HasOwnRows(connection, one))];
        if (formers.Contains(schema)) return (schema, FormerTable);
        if (journals.Concat(formers).FirstOrDefault() is { } elsewhere)
        {
            throw new StoreOpenException(
                $"{name} has a queue in the schema {elsewhere}, and search_path ({path}) begins with {schema}, which has none: write "
                + $"search_path={elsewhere} at the end of the database URL for that queue, or search_path={schema} for a new one.",
                true);
        }

        using var taken =
            new NpgsqlCommand(TakenTables, connection) { Parameters = { new() { Value = scripts.SelectMany(TablesOf).ToArray() } } };
        return taken.ExecuteScalar() is string table ? throw Occupied(name, $"a table '{table}'") : (schema, Table);
    }

    /// <summary>Selects the names of all applied scripts, including other programs' if they share the table.</summary>
    public static string Scripts((string Schema, string Table) journal) =>
        $"SELECT scriptname::text FROM {Quoted(journal.Schema)}.{journal.Table}";

    /// <summary>True for a migration of any version of this program.</summary>
    public static bool IsOwn(string script) => script.StartsWith(OwnScripts[..^1], StringComparison.Ordinal);

    /// <summary>The error when an object of another program is in the way.</summary>
    public static StoreOpenException Occupied(string name, string what, Exception? error = null) => new(
        $"{name} already has {what}, which belongs to another program: give the queue a separate database, or a separate schema "
        + "(CREATE SCHEMA stashai, and search_path=stashai at the end of the database URL).",
        true,
        error);

    private static bool HasOwnRows(NpgsqlConnection connection, string schema)
    {
        using var command = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT 1 FROM {Quoted(schema)}.{FormerTable} WHERE scriptname LIKE $1)", connection)
        {
            Parameters = { new() { Value = OwnScripts } },
        };
        return (bool)command.ExecuteScalar()!;
    }

    private static string Quoted(string schema) => $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static IEnumerable<string> TablesOf(SqlScript script) =>
        Created().Matches(script.Contents).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"CREATE (?:UNLOGGED )?TABLE (\w+)")]
    private static partial Regex Created();
}
