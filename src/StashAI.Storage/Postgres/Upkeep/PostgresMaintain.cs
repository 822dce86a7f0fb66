using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads.Segments;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Jobs;

namespace StashAI.Storage.Postgres.Upkeep;

/// <summary>Upkeep. Each call first reads, without a lock, whether there is anything to do.</summary>
internal sealed class PostgresMaintain(PostgresDatabase database, SegmentCollector? segments) : IMaintain
{
    public Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresPromotion.PromoteDueAsync(session, limit, cancellationToken), cancellationToken);

    public Task<ChangeSet> RescueAsync(int limit, RescueScope scope, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresRescue.RunAsync(session, limit, scope, cancellationToken), cancellationToken);

    public async Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        if (await PostgresCancel.FindUnfinishedCancelAsync(session, cancellationToken) is not { } key) return ChangeSet.Empty;
        var batch = await PostgresCancel.CancelBatchAsync(session, key, TaskKey.From(key, 0), limit);
        return batch.Result.Changes;
    }

    public Task<ChangeSet> ExpireAsync(int limit, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresDeadlines.ExpireAsync(session, limit, cancellationToken), cancellationToken);

    public async Task<ChangeSet> FinishRetriesAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var changes = ChangeSet.Empty;
        while (changes.IsEmpty && await PostgresRetry.FindUnfinishedAsync(session, cancellationToken) is { } job)
            changes = (await PostgresRetry.ContinueAsync(session, job, limit)).Result.Changes;
        return changes;
    }

    public Task<int> RemoveOldAsync(RetentionPolicy policy, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(
            async session =>
            {
                // The clock may have been set since the last reading: times written before are corrected first.
                await PostgresClock.ObserveAsync(session, cancellationToken);
                return await new PostgresRetention(session, policy).RunAsync(limit, cancellationToken);
            },
            cancellationToken);

    public async Task<IReadOnlyList<CounterRepair>> ReconcileAsync(
        IReadOnlyList<long> jobKeys, int maxOpenTasks, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var repairs = new List<CounterRepair>();
        foreach (var key in jobKeys)
        {
            if (await PostgresReconcile.RunAsync(session, key, maxOpenTasks, cancellationToken) is { } repair) repairs.Add(repair);
        }

        return repairs;
    }

    public Task<int> AgeAsync(TimeSpan step, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresAging.RunAsync(session, step, limit, cancellationToken), cancellationToken);

    public async Task<int> RemoveUnreferencedAsync(int limit, CancellationToken cancellationToken) =>
        await database.RunAsync(session => PostgresRemoval.CollectAsync(session, limit, cancellationToken), cancellationToken)
        + (segments is null ? 0 : await segments.RunOnceAsync(limit, cancellationToken));

    public Task<ObservedClock> ObserveClockAsync(CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresClock.ObserveAsync(session, cancellationToken), cancellationToken);

    public Task<int> EndImpossibleWaitsAsync(WaitLimits limits, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresClock.EndImpossibleWaitsAsync(session, limits, limit, cancellationToken), cancellationToken);
}
