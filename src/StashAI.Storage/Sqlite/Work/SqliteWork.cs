using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Upkeep;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>Claims tasks and records their outcomes.</summary>
internal sealed class SqliteWork(SqliteWriter writer) : IWork
{
    public Task<ClaimedBatch> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteClaim.Run(session, request), cancellationToken);

    public Task<ChangeSet> ReleaseUnknownAsync(
        long nodeKey, IReadOnlySet<(long TaskKey, int Fence)> known, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteRescue.ReleaseUnknown(session, nodeKey, known), cancellationToken);

    public Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken) =>
        writer.RunAsync(session => Apply(session, nodeKey, results), cancellationToken);

    /// <summary>Tells a database that works but refuses a value from one that does not work.</summary>
    private static AppliedBatch Apply(SqliteSession session, long nodeKey, IReadOnlyList<AttemptResult> results)
    {
        try
        {
            return SqliteApply.Run(session, nodeKey, results);
        }
        catch (SqliteException exception)
            when (exception.SqliteErrorCode is raw.SQLITE_TOOBIG or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH)
        {
            throw new OutcomeRefusedException(exception.Message, exception);
        }
    }
}
