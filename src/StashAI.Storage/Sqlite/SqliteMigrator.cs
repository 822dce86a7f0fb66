using System.Reflection;
using DbUp;
using Microsoft.Data.Sqlite;
using StashAI.Queue.Store;

namespace StashAI.Storage.Sqlite;

/// <summary>Brings a database file to this program's schema: forward only, one process at a time.</summary>
internal static class SqliteMigrator
{
    private const string Folder = "StashAI.Storage.Migrations.Sqlite.";

    public static void Migrate(SqliteDatabase database)
    {
        // Opening for writing turns the write-ahead log on before the first table exists.
        database.OpenWriter().Dispose();
        using var alone = TakeLock(database.Path + "-migrate");
        var connection = new SqliteConnectionStringBuilder { DataSource = database.Path, Pooling = false }.ConnectionString;
        var upgrader = DeployChanges.To.SqliteDatabase(connection)
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.StartsWith(Folder, StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build();

        var known = upgrader.GetDiscoveredScripts().Select(script => script.Name).ToHashSet();
        if (upgrader.GetExecutedScripts().Find(name => !known.Contains(name)) is { } unknown)
        {
            throw new SchemaTooNewException(
                $"{database.Path} was written by a newer version of this program (it has {unknown[Folder.Length..]}): use that version.");
        }

        var result = upgrader.PerformUpgrade();
        if (!result.Successful)
            throw new InvalidOperationException($"Migration {result.ErrorScript?.Name} of {database.Path} failed.", result.Error);
    }

    private static FileStream TakeLock(string path)
    {
        for (var wait = new SpinWait(); ; wait.SpinOnce())
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process migrates. The file stays: whoever removed it could leave two processes with a lock each.
            }
        }
    }
}
