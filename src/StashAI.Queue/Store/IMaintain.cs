using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Queue.Store;

/// <summary>Upkeep. Every call is bounded, idempotent and safe on all nodes at once (S8).</summary>
public interface IMaintain
{
    /// <summary>Makes due tasks available, and starts jobs whose start has come; the changes show those only as jobs.</summary>
    /// <returns>What changed, and when the next task or job is due (null for none).</returns>
    Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Gives back the tasks of nodes that left, died, or whose lease is over (S7). A call that was lost with its node counts as a crash
    /// of its task; a task that crashed while it ran alone fails as poisoned (docs/adr/0010).
    /// </summary>
    Task<ChangeSet> RescueAsync(int limit, RescueScope scope, CancellationToken cancellationToken);

    /// <summary>Gives back the tasks of all nodes that are lost.</summary>
    Task<ChangeSet> RescueAsync(int limit, CancellationToken cancellationToken) => RescueAsync(limit, RescueScope.Expired, cancellationToken);

    /// <summary>Continues the cancel of a job whose process died before it finished.</summary>
    Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Fails waiting tasks of jobs whose deadline has passed; running calls are ended by their owners.</summary>
    Task<ChangeSet> ExpireAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Continues the retry of a job whose process died before it finished.</summary>
    Task<ChangeSet> FinishRetriesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Hides up to <paramref name="limit"/> jobs whose time is over, for <see cref="RemoveUnreferencedAsync"/> to remove, forgets as many expired
    /// idempotency keys, and removes the inputs of as many completed tasks where the policy wants them gone earlier.
    /// </summary>
    /// <returns>How many jobs, keys and tasks it took; 0 when there was nothing to do.</returns>
    Task<int> RemoveOldAsync(RetentionPolicy policy, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Checks that the counters of jobs are the sums over their tasks, and repairs those that are not (S5). Open jobs with more than
    /// <paramref name="maxOpenTasks"/> tasks are checked when they end.
    /// </summary>
    Task<IReadOnlyList<CounterRepair>> ReconcileAsync(IReadOnlyList<long> jobKeys, int maxOpenTasks, CancellationToken cancellationToken);

    /// <summary>Removes uploads whose node is gone, jobs that are hidden, and payloads that nothing refers to, in small pieces.</summary>
    /// <returns>How many pieces were removed; 0 when nothing is left.</returns>
    Task<int> RemoveUnreferencedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Raises by one the priority of jobs whose turn has not come for <paramref name="step"/>: in each open lane at most
    /// <paramref name="limit"/> of each priority, those whose turn is next. A job that is served falls back to its own priority.
    /// </summary>
    /// <returns>How many were raised.</returns>
    Task<int> AgeAsync(TimeSpan step, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the database's clock and returns what is known about it. What <see cref="RemoveOldAsync"/> removes and what a task fails for is
    /// counted by time that was seen to pass (docs/adr/0017), so it must be called every few seconds.
    /// </summary>
    Task<ObservedClock> ObserveClockAsync(CancellationToken cancellationToken);

    /// <summary>Ends waits that are longer than they can be, because they were written under another clock.</summary>
    /// <returns>How many rows it changed; 0 when there was nothing to do.</returns>
    Task<int> EndImpossibleWaitsAsync(WaitLimits limits, int limit, CancellationToken cancellationToken);
}
