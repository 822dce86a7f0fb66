using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>
/// Copies a database that has jobs to <c>queue.db.before-NUMBER</c> before its schema changes, and keeps the last few copies.
/// </summary>
internal static class SqliteBackup
{
    private const int MaxCopies = 3;

    /// <exception cref="StoreOpenException">The copy could not be made; nothing was changed.</exception>
    public static void Make(SqliteDatabase database, string firstNumber, ILogger logger)
    {
        var backup = $"{database.Path}.before-{firstNumber}";
        var partial = backup + ".partial";
        using (var session = database.OpenWriter())
        {
            if (session.Use("SELECT 1 FROM queue_jobs LIMIT 1").Scalar() is null) return;
            try
            {
                File.Delete(partial);
                session.Use("VACUUM INTO ?1").Bind(1, partial).Run();
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                using (var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
                File.Move(partial, backup, overwrite: true);
            }
            catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
            {
                File.Delete(partial);
                throw new StoreOpenException(
                    $"The queue must be copied before its schema changes, but {backup} could not be written: "
                    + $"{exception.Message.TrimEnd('.')}. Nothing was changed: "
                    + $"free {Megabytes(database.Path):0} MB in that folder, or run the previous version.",
                    isSetting: false,
                    exception);
            }
        }

        MigrationLog.BackedUp(logger, backup, Megabytes(backup));
        RemoveOld(backup);
    }

    private static void RemoveOld(string newest)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(newest))!;
        var pattern = Path.GetFileName(newest)[..(Path.GetFileName(newest).LastIndexOf('-') + 1)] + "*";
        foreach (var old in new DirectoryInfo(folder).GetFiles(pattern).OrderByDescending(file => file.LastWriteTimeUtc).Skip(MaxCopies))
        {
            old.Delete();
        }
    }

    private static double Megabytes(string path) => new FileInfo(path).Length / 1e6;
}
