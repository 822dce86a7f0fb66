using StashAI.Queue.Model;

namespace StashAI.Queue.Store;

/// <summary>Upkeep. Every call is bounded, idempotent and safe on all nodes at once (S8).</summary>
public interface IMaintain
{
    /// <summary>Makes due tasks available.</summary>
    /// <returns>What changed, and when the next task is due (null for none).</returns>
    Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Gives back the tasks of nodes whose lease is over (S7).</summary>
    Task<ChangeSet> RescueAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Goes on with the cancel of a job whose process did not live to finish it.</summary>
    Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes uploads whose node is gone and payloads that nothing refers to.</summary>
    /// <returns>How many uploads and payloads were removed.</returns>
    Task<int> CollectAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Lifts jobs by one priority whose turn has not come for <paramref name="step"/>: in each open lane at most
    /// <paramref name="limit"/> of each priority, those whose turn is next. A job that is served falls back to its own priority.
    /// </summary>
    /// <returns>How many were lifted.</returns>
    Task<int> AgeAsync(TimeSpan step, int limit, CancellationToken cancellationToken);
}
