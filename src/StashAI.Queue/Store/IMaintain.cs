using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Queue.Store;

/// <summary>Upkeep. Every call is bounded, idempotent and safe on all nodes at once (S8).</summary>
public interface IMaintain
{
    /// <summary>
    /// Makes due tasks available, and starts jobs whose start time has come. The changes list such jobs without their tasks.
    /// </summary>
    /// <returns>What changed, and when the next task or job is due (null for none).</returns>
    Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the tasks of nodes that left, died or let their lease expire available again (S7). A call that was lost with its node counts
    /// as a crash of its task; a task that crashes while it runs alone fails as poisoned (docs/adr/0010).
    /// </summary>
    Task<ChangeSet> RescueAsync(int limit, RescueScope scope, CancellationToken cancellationToken);

    /// <summary>Makes the tasks of all lost nodes available again.</summary>
    Task<ChangeSet> RescueAsync(int limit, CancellationToken cancellationToken) =>
        RescueAsync(limit, RescueScope.Expired, cancellationToken);

    /// <summary>Continues the cancel of a job whose process died before it finished.</summary>
    Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Fails waiting tasks of jobs whose deadline has passed; running calls are ended by their owners.</summary>
    Task<ChangeSet> ExpireAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Continues the retry of a job whose process died before it finished.</summary>
    Task<ChangeSet> FinishRetriesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Hides up to <paramref name="limit"/> jobs that are past their retention, for <see cref="RemoveUnreferencedAsync"/> to remove. Also
    /// removes up to that many expired idempotency keys, and inputs of completed tasks that the policy keeps for a shorter time.
    /// </summary>
    /// <returns>How many jobs, keys and tasks it took; 0 when there was nothing to do.</returns>
    Task<int> RemoveOldAsync(RetentionPolicy policy, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Checks that the counters of jobs equal the sums over their tasks, and repairs the ones that do not (S5). Open jobs with more than
    /// <paramref name="maxOpenTasks"/> tasks are checked when they end.
    /// </summary>
    Task<IReadOnlyList<CounterRepair>> ReconcileAsync(IReadOnlyList<long> jobKeys, int maxOpenTasks, CancellationToken cancellationToken);

    /// <summary>Removes, in small steps, uploads of lost nodes, hidden jobs, and payloads that nothing refers to.</summary>
    /// <returns>How many pieces it removed; 0 when nothing is left.</returns>
    Task<int> RemoveUnreferencedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Raises by one the priority of jobs whose turn has not come for <paramref name="step"/>: in each open lane at most
    /// <paramref name="limit"/> of each priority, next in turn first. A job that is served falls back to its own priority.
    /// </summary>
    /// <returns>How many were raised.</returns>
    Task<int> AgeAsync(TimeSpan step, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the database's clock and returns what is known about it. Retention and the limit of throttling count only time that was seen
    /// to pass (docs/adr/0017), so this must be called every few seconds.
    /// </summary>
    Task<ObservedClock> ObserveClockAsync(CancellationToken cancellationToken);

    /// <summary>Ends waits that are longer than possible, because the clock was different when they were written.</summary>
    /// <returns>How many rows it changed; 0 when there was nothing to do.</returns>
    Task<int> EndImpossibleWaitsAsync(WaitLimits limits, int limit, CancellationToken cancellationToken);
}
