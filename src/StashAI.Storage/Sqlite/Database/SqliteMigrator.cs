using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Migrates a database file to this program's schema: forward only, one process at a time.</summary>
internal static class SqliteMigrator
{
    /// <param name="scripts">All scripts that this program knows, in order.</param>
    public static void Migrate(SqliteDatabase database, IReadOnlyList<SqlScript> scripts, ILogger logger)
    {
        // Opening for writing enables the write-ahead log before the first table exists.
        using (var probe = database.OpenWriter())
        {
            // Detects a read-only file here rather than in the middle of a migration.
            probe.Use("BEGIN IMMEDIATE").Run();
            probe.Use("ROLLBACK").Run();
        }

        using var alone = TakeLock(database.Path + "-migrate");
        var connection = new SqliteConnectionStringBuilder { DataSource = database.Path, Pooling = false }.ConnectionString;
        var upgrader = DeployChanges.To.SqliteDatabase(connection).WithScripts(scripts).WithTransactionPerScript().LogToNowhere().Build();
        var known = scripts.Select(script => script.Name).ToHashSet();
        var executed = upgrader.GetExecutedScripts();
        if (executed.Find(name => !known.Contains(name)) is { } unknown)
        {
            throw new SchemaTooNewException(
                $"{MigrationScripts.Newer(database.Path, unknown)}, or restore a copy that this version can read "
                + $"({Path.GetFileName(database.Path)}.before-*).");
        }

        var pending = upgrader.GetScriptsToExecute();
        if (pending.Count == 0) return;
        if (executed.Count > 0)
        {
            SqliteBackup.Make(database, MigrationScripts.Number(pending[0].Name), logger);
            MigrationLog.Applying(
                logger, database.Path, string.Join(", ", pending.Select(script => MigrationScripts.ShortName(script.Name))));
        }

        var result = upgrader.PerformUpgrade();
        if (!result.Successful)
        {
            throw new StoreOpenException(
                $"{MigrationScripts.ShortName(result.ErrorScript?.Name ?? "A migration")} could not be applied to {database.Path}: "
                + $"{result.Error.Message.TrimEnd('.')}. The migration was rolled back: run the previous version, or try again.",
                isSetting: false,
                result.Error);
        }
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
                // Another process migrates. The file is never removed: otherwise two processes could each hold a lock, on different files.
            }
        }
    }
}
