using Microsoft.Data.Sqlite;
using StashAI.Storage.Migrations;

namespace StashAI.Storage.Backups;

/// <summary>The SQLite file of a backup, before it becomes a queue again.</summary>
public static class RestoredQueue
{
    /// <summary>Why this program cannot use the database, in one sentence; null when it can, after migrating it if it is older.</summary>
    /// <exception cref="SqliteException">It is not a database.</exception>
    public static string? Refusal(string path)
    {
        using var connection = SqliteFileCopy.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT ScriptName FROM SchemaVersions";
        using var rows = command.ExecuteReader();
        var known = MigrationScripts.Sqlite.Select(script => script.Name).ToHashSet();
        while (rows.Read())
        {
            if (!known.Contains(rows.GetString(0))) return $"{MigrationScripts.Newer("The queue in the backup", rows.GetString(0))}.";
        }

        return null;
    }

    /// <summary>
    /// Gives the queue a folder name of its own where queues share one, so that it never removes files of the queue that it is a copy of.
    /// </summary>
    /// <exception cref="SqliteException">The queue is older than the folders.</exception>
    public static void SetFolder(string path, string name)
    {
        using var connection = SqliteFileCopy.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE payload_folder SET name = $name";
        command.Parameters.AddWithValue("$name", name);
        command.ExecuteNonQuery();
    }
}
