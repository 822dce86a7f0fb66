using Microsoft.Data.Sqlite;
using StashAI.Queue.Model.Nodes;

namespace StashAI.Storage.Backups;

/// <summary>The runs of backups in a SQLite file.</summary>
/// <param name="path">The file of the queue, which exists.</param>
public sealed class SqliteBackupJournal(string path) : IBackupJournal
{
    private const string HasTable = "SELECT 1 FROM sqlite_schema WHERE name = 'backups'";

    /// <exception cref="SqliteException">The database cannot be written.</exception>
    public Task<bool> RecordAsync(RecordedBackup run, CancellationToken cancellationToken) => RunAsync(
        connection =>
        {
            Run(
                connection, BackupSql.Insert, run.Folder, run.Host, run.EndedAt.ToUnixTimeMilliseconds(), run.Error,
                run.SnapshotAt?.ToUnixTimeMilliseconds(), run.Size, run.Damaged, run.HasQueue ? 1 : 0);
            Run(connection, BackupSql.RemoveOld);
            return true;
        },
        cancellationToken);

    /// <exception cref="SqliteException">The database cannot be written.</exception>
    public Task<bool> RecordCheckAsync(
        DateTimeOffset snapshotAt, DateTimeOffset checkedAt, string? error, CancellationToken cancellationToken) => RunAsync(
        connection => Run(
            connection, BackupSql.RecordCheck, snapshotAt.ToUnixTimeMilliseconds(), checkedAt.ToUnixTimeMilliseconds(), error) > 0,
        cancellationToken);

    private Task<bool> RunAsync(Func<SqliteConnection, bool> run, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var connection = SqliteFileCopy.Open(path);
            using var command = connection.CreateCommand();
            command.CommandText = HasTable;
            return command.ExecuteScalar() is not null && run(connection);
        },
        cancellationToken);

    private static int Run(SqliteConnection connection, string sql, params object?[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        return command.ExecuteNonQuery();
    }
}
