using System.Reflection;
using DbUp.Engine;

namespace StashAI.Storage.Migrations;

/// <summary>The migration scripts of each database, in order. A released script never changes.</summary>
internal static class MigrationScripts
{
    private const string Root = "StashAI.Storage.Migrations.";

    public static IReadOnlyList<SqlScript> Sqlite { get; } = Load("Sqlite");

    public static IReadOnlyList<SqlScript> Postgres { get; } = Load("Postgres");

    /// <summary>A script's short name, such as <c>0001_queue.sql</c>.</summary>
    public static string ShortName(string name) =>
        name.StartsWith(Root, StringComparison.Ordinal) ? name[(name.IndexOf('.', Root.Length) + 1)..] : name;

    /// <summary>The number at the start of a script's name, such as <c>0001</c>.</summary>
    public static string Number(string name) => ShortName(name).Split('_')[0];

    /// <summary>The error for a database with a script that this program does not know.</summary>
    public static string Newer(string database, string script) =>
        $"{database} was written by a newer version of this program (it has {ShortName(script)}): use that version";

    private static List<SqlScript> Load(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<SqlScript>();
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"{Root}{folder}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add(new SqlScript(name, reader.ReadToEnd()));
        }

        return scripts;
    }
}
