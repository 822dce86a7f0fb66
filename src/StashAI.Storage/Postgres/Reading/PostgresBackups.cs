using Npgsql;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;
using StashAI.Storage.Backups;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>The runs of backups that the queue keeps.</summary>
internal sealed class PostgresBackups(PostgresDatabase database) : IBackups
{
    public async Task<BackupStanding> ReadBackupsAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(BackupSql.Newest).Add(BackupSql.NewestWritten);
        await using var rows = await batch.ReadAsync(cancellationToken);
        var newest = await FindAsync(rows, cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        return BackupSql.Standing(newest, await FindAsync(rows, cancellationToken));
    }

    private static async Task<RecordedBackup?> FindAsync(NpgsqlDataReader row, CancellationToken cancellationToken) =>
        await row.ReadAsync(cancellationToken)
            ? new RecordedBackup(
                row.GetString(0), row.GetString(1), TimeOf(row, 2)!.Value, TextOf(row, 3), TimeOf(row, 4), row.GetInt64(5), row.GetInt64(6),
                row.GetInt16(7) != 0, TimeOf(row, 8), TextOf(row, 9))
            : null;

    private static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? TimeOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
