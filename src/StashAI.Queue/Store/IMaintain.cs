using StashAI.Queue.Model;

namespace StashAI.Queue.Store;

/// <summary>Upkeep. Every call is bounded, idempotent and safe on all nodes at once (S8).</summary>
public interface IMaintain
{
    /// <summary>Makes due tasks available, and starts jobs whose start has come; those show in the changes as jobs alone.</summary>
    /// <returns>What changed, and when the next task or job is due (null for none).</returns>
    Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Gives back the tasks of nodes whose lease is over (S7).</summary>
    Task<ChangeSet> RescueAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Goes on with the cancel of a job whose process did not live to finish it.</summary>
    Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Fails waiting tasks of jobs whose deadline has passed; running calls are ended by their owners.</summary>
    Task<ChangeSet> ExpireAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Goes on with the retry of a job whose process did not live to finish it.</summary>
    Task<ChangeSet> FinishRetriesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes uploads whose node is gone and payloads that nothing refers to.</summary>
    /// <returns>How many uploads and payloads were removed.</returns>
    Task<int> CollectAsync(int limit, CancellationToken cancellationToken);
}
