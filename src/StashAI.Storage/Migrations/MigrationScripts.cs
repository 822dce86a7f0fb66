using System.Reflection;
using DbUp.Engine;

namespace StashAI.Storage.Migrations;

/// <summary>The scripts of one database, in the order in which they are applied. A script that was released never changes.</summary>
internal static class MigrationScripts
{
    private const string Root = "StashAI.Storage.Migrations.";

    public static IReadOnlyList<SqlScript> Sqlite { get; } = Load("Sqlite");

    public static IReadOnlyList<SqlScript> Postgres { get; } = Load("Postgres");

    /// <summary>A script's name for people, such as `0001_queue.sql`.</summary>
    public static string ShortName(string name) => name.StartsWith(Root, StringComparison.Ordinal) ? name[(name.IndexOf('.', Root.Length) + 1)..] : name;

    /// <summary>The number that a script's name begins with, such as `0001`.</summary>
    public static string Number(string name) => ShortName(name).Split('_')[0];

    /// <summary>What a database says that has a script which this program does not know.</summary>
    public static string Newer(string database, string script) =>
        $"{database} was written by a newer version of this program (it has {ShortName(script)}): use that version";

    private static List<SqlScript> Load(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<SqlScript>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith($"{Root}{folder}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add(new SqlScript(name, reader.ReadToEnd()));
        }

        return scripts;
    }
}
