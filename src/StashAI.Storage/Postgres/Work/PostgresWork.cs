using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Upkeep;

namespace StashAI.Storage.Postgres.Work;

/// <summary>Claims tasks and records their outcomes.</summary>
internal sealed class PostgresWork(PostgresDatabase database) : IWork
{
    private bool hasClaimed;

    public async Task<ClaimedBatch> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        if (!hasClaimed)
        {
            // Opened before the first task runs, so that its outcome does not wait for plans.
            await using var outcomes = await database.OpenAsync(PostgresUse.Outcomes, cancellationToken);
            hasClaimed = true;
        }

        return await database.RunAsync(
            PostgresUse.Claims, session => PostgresClaim.RunAsync(session, request, cancellationToken), cancellationToken);
    }

    public Task<ChangeSet> ReleaseUnknownAsync(
        long nodeKey, IReadOnlySet<(long TaskKey, int Fence)> known, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresRescue.ReleaseUnknownAsync(session, nodeKey, known), cancellationToken);

    public async Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken)
    {
        try
        {
            return await database.RunAsync(
                PostgresUse.Outcomes, session => PostgresApply.RunAsync(session, nodeKey, results), cancellationToken);
        }
        catch (PostgresException exception) when (IsRefusal(exception))
        {
            throw new OutcomeRefusedException(exception.MessageText, exception);
        }
    }

    /// <summary>
    /// True when the database works but refuses a value: data exceptions (22), violated constraints (23), and values beyond the server's
    /// limits (54, and too large an allocation).
    /// </summary>
    private static bool IsRefusal(PostgresException exception) =>
        exception.SqlState[..2] is "22" or "23" or "54"
        || (exception.SqlState == PostgresErrorCodes.InternalError
            && exception.MessageText.StartsWith("invalid memory alloc request size", StringComparison.Ordinal));
}
