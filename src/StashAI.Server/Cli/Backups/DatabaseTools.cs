using StashAI.Server.Options;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Server.Cli.Backups;

/// <summary>The commands of PostgreSQL that a backup needs besides this program. They contain no password.</summary>
internal static class DatabaseTools
{
    /// <summary>
    /// The dump comes first: a job that is submitted between the two is then only in the files, and does no harm there. The other way
    /// round the dump would have a job whose photos are missing.
    /// </summary>
    public static string DumpFirst(DatabaseServer server, string folder) =>
        $"The database {server.Name} is not in this backup. To have all, dump it first, and then back up the rest:\n"
        + $"  pg_dump --format=custom --file={folder}.dump {Connection(server)}\n"
        + $"  stashai backup {folder} --dump {folder}.dump";

    /// <summary>What restores the dump of a backup.</summary>
    public static string Restore(string dump) =>
        $"Restore the database into an empty one before the server starts:\n  pg_restore --no-owner --dbname=DATABASE {dump}";

    private static string Connection(DatabaseServer server)
    {
        var parts = PostgresUrl.Parse(server.Url);
        return $"--host={parts.Host} --port={parts.Port} --username={parts.Username} {parts.Database ?? parts.Username}";
    }
}
