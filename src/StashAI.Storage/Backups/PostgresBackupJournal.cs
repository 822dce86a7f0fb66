using Npgsql;
using NpgsqlTypes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Backups;

/// <summary>The runs of backups in a database on a PostgreSQL server.</summary>
/// <param name="url">The URL of the database.</param>
public sealed class PostgresBackupJournal(string url) : IBackupJournal
{
    private const string HasTable = "SELECT to_regclass('backups') IS NOT NULL";

    /// <exception cref="StoreOpenException">The server cannot be reached.</exception>
    public Task<bool> RecordAsync(RecordedBackup run, CancellationToken cancellationToken) => RunAsync(
        async transaction =>
        {
            await RunAsync(
                transaction, BackupSql.Insert, Text(run.Folder), Text(run.Host), Number(run.EndedAt.ToUnixTimeMilliseconds()),
                Text(run.Error), Number(run.SnapshotAt?.ToUnixTimeMilliseconds()), Number(run.Size), Number(run.Damaged),
                Number(run.HasQueue ? 1 : 0));
            await RunAsync(transaction, BackupSql.RemoveOld);
            return true;
        },
        cancellationToken);

    /// <exception cref="StoreOpenException">The server cannot be reached.</exception>
    public Task<bool> RecordCheckAsync(
        DateTimeOffset snapshotAt, DateTimeOffset checkedAt, string? error, CancellationToken cancellationToken) => RunAsync(
        async transaction => await RunAsync(
            transaction, BackupSql.RecordCheck, Number(snapshotAt.ToUnixTimeMilliseconds()), Number(checkedAt.ToUnixTimeMilliseconds()),
            Text(error)) > 0,
        cancellationToken);

    private async Task<bool> RunAsync(Func<NpgsqlTransaction, Task<bool>> run, CancellationToken cancellationToken)
    {
        var access = PostgresAccess.Prepare(url, PostgresBackupSource.ApplicationName, maxConnections: 1);
        try
        {
            await using var connection = await access.Source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await PostgresBackupSource.BeginAsync(access, connection, cancellationToken);
            await using var command = new NpgsqlCommand(HasTable, connection, transaction);
            if (!(bool)(await command.ExecuteScalarAsync(cancellationToken))!) return false;
            var isDone = await run(transaction);
            await transaction.CommitAsync(cancellationToken);
            return isDone;
        }
        catch (Exception exception) when (PostgresStartErrors.From(exception, PostgresUrl.Parse(url)) is { } reason)
        {
            throw reason;
        }
        finally
        {
            await access.Source.DisposeAsync();
        }
    }

    private static async Task<int> RunAsync(NpgsqlTransaction transaction, string sql, params NpgsqlParameter[] values)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.AddRange(values);
        return await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Number(long? value) =>
        new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
