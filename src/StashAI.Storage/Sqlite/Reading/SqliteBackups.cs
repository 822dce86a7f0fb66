using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;
using StashAI.Storage.Backups;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>The runs of backups that the queue keeps.</summary>
internal sealed class SqliteBackups(SqliteReaders readers) : IBackups
{
    public Task<BackupStanding> ReadBackupsAsync(CancellationToken cancellationToken) => readers.ReadAsync(
        session => BackupSql.Standing(Find(session, BackupSql.Newest), Find(session, BackupSql.NewestWritten)), cancellationToken);

    private static RecordedBackup? Find(SqliteSession session, string sql)
    {
        var row = session.Use(sql);
        return row.Step()
            ? new RecordedBackup(
                row.Text(0), row.Text(1), TimeOf(row, 2)!.Value, row.TextOrNull(3), TimeOf(row, 4), row.Int64(5), row.Int64(6),
                row.Int64(7) != 0, TimeOf(row, 8), row.TextOrNull(9))
            : null;
    }

    private static DateTimeOffset? TimeOf(SqliteStatement row, int column) =>
        row.IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(column));
}
