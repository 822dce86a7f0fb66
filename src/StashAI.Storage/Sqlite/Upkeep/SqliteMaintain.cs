using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Store;
using StashAI.Storage.Changes;
using StashAI.Storage.Payloads.Segments;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Jobs;

namespace StashAI.Storage.Sqlite.Upkeep;

/// <summary>
/// Upkeep. Each call first reads whether there is anything to do; usually there is not, and the write lock is not needed.
/// </summary>
internal sealed class SqliteMaintain(
    SqliteDatabase database, SqliteWriter writer, SqliteReaders readers, IReadOnlyList<SegmentCollector> collectors) : IMaintain
{
    public async Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken)
    {
        // Usually nothing is due, and the write lock is not needed.
        var due = await NextDueAsync(cancellationToken);
        if (due is null || due > database.Clock.GetUtcNow()) return (ChangeSet.Empty, due);
        var changes = await writer.RunAsync(session => SqlitePromotion.PromoteDue(session, limit), cancellationToken);
        return (changes, await NextDueAsync(cancellationToken));
    }

    public async Task<ChangeSet> RescueAsync(int limit, RescueScope scope, CancellationToken cancellationToken)
    {
        var locked = await readers.ReadAsync(SqliteRescue.FindLocked, cancellationToken);
        var dead = locked.Select(key => NodeLock.TryTakeDead(database.Path, key)).OfType<NodeLock>().ToList();
        try
        {
            var (changes, closed) = await writer.RunAsync(session => SqliteRescue.Run(session, limit, scope, dead), cancellationToken);
            // The notes of a node with more tasks than the limit are needed again by the next call.
            foreach (var node in dead) node.KeepFile(!closed.Contains(node.NodeKey));
            return changes;
        }
        finally
        {
            foreach (var node in dead) node.Dispose();
        }
    }

    public async Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken)
    {
        var job = await readers.ReadAsync(session => session.Use(SqliteCancel.UnfinishedCancels).Scalar(), cancellationToken);
        if (job is not { } key) return ChangeSet.Empty;
        var batch = await writer.RunAsync(
            session => SqliteCancel.CancelBatch(session, key, TaskKey.From(key, 0), limit), cancellationToken);
        return batch.Result.Changes;
    }

    public async Task<ChangeSet> ExpireAsync(int limit, CancellationToken cancellationToken)
    {
        var overdue = await readers.ReadAsync(session => session.Use(SqliteDeadlines.Overdue).Bind(1, 1).Scalar(), cancellationToken);
        return overdue is null
            ? ChangeSet.Empty
            : await writer.RunAsync(session => SqliteDeadlines.Expire(session, limit), cancellationToken);
    }

    public async Task<ChangeSet> FinishRetriesAsync(int limit, CancellationToken cancellationToken)
    {
        while (await readers.ReadAsync(session => session.Use(SqliteRetry.LeftInSteps).Scalar(), cancellationToken) is { } left)
            await writer.RunAsync(session => SqliteRetry.EndSteps(session, left), cancellationToken);
        var changes = new ChangeSetBuilder();
        while (changes.IsEmpty
            && await readers.ReadAsync(session => session.Use(SqliteRetry.Unfinished).Scalar(), cancellationToken) is { } job)
        {
            changes.Add((await writer.RunAsync(session => SqliteRetry.Continue(session, job, limit), cancellationToken)).Result.Changes);
        }

        return changes.Build();
    }

    public async Task<int> RemoveOldAsync(RetentionPolicy policy, int limit, CancellationToken cancellationToken)
    {
        var hasWork = await readers.ReadAsync(session => new SqliteRetention(session, policy).HasWork(), cancellationToken);
        return hasWork
            ? await writer.RunAsync(
                session =>
                {
                    // The clock may have been set since the last reading: times written before are corrected first.
                    SqliteClock.Observe(session);
                    return new SqliteRetention(session, policy).Run(limit);
                },
                cancellationToken,
                isBulk: true)
            : 0;
    }

    public async Task<IReadOnlyList<CounterRepair>> ReconcileAsync(
        IReadOnlyList<long> jobKeys, int maxOpenTasks, CancellationToken cancellationToken)
    {
        var repairs = new List<CounterRepair>();
        foreach (var key in jobKeys)
        {
            if (!await readers.ReadAsync(session => SqliteReconcile.IsWrong(session, key, maxOpenTasks), cancellationToken)) continue;
            var repair = await writer.RunAsync(session => SqliteReconcile.Repair(session, key, maxOpenTasks), cancellationToken);
            if (repair is not null) repairs.Add(repair);
        }

        return repairs;
    }

    public async Task<int> RemoveUnreferencedAsync(int limit, CancellationToken cancellationToken)
    {
        var count = await writer.RunAsync(session => SqliteRemoval.Collect(session, limit), cancellationToken, isBulk: true);
        foreach (var collector in collectors) count += await collector.RunOnceAsync(limit, cancellationToken);
        return count;
    }

    public async Task<int> AgeAsync(TimeSpan step, int limit, CancellationToken cancellationToken)
    {
        var ms = (long)step.TotalMilliseconds;
        // Usually nothing has waited that long, and the write lock is not needed.
        var aged = await readers.ReadAsync(session => SqliteAging.Find(session, ms, limit).Count, cancellationToken);
        return aged == 0 ? 0 : await writer.RunAsync(session => SqliteAging.Run(session, ms, limit), cancellationToken);
    }

    public Task<ObservedClock> ObserveClockAsync(CancellationToken cancellationToken) =>
        writer.RunAsync(SqliteClock.Observe, cancellationToken);

    public Task<int> EndImpossibleWaitsAsync(WaitLimits limits, int limit, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteClock.EndImpossibleWaits(session, limits, limit), cancellationToken);

    private async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        var (task, job) = await readers.ReadAsync(
            session => (session.Use(SqlitePromotion.NextDue).Scalar(), session.Use(SqliteDeadlines.NextStart).Scalar()), cancellationToken);
        if (task is null && job is null) return null;
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(task ?? long.MaxValue, job ?? long.MaxValue));
    }
}
