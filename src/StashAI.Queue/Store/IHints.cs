using StashAI.Queue.Model.Changes;

namespace StashAI.Queue.Store;

/// <summary>
/// Tells the other processes on this database that something happened, where the database can. Hints may be lost, doubled and
/// reordered (S10): polling finds the same later. A store that has them is asked for this interface.
/// </summary>
public interface IHints
{
    /// <summary>Tells the other processes; this one does not hear its own.</summary>
    Task SendAsync(Hint hint, CancellationToken cancellationToken);

    /// <summary>
    /// Passes on what other processes tell, until cancelled, over a connection of its own that it opens again when it breaks. What was
    /// missed meanwhile comes as one hint that names no jobs.
    /// </summary>
    Task ListenAsync(Action<Hint> heard, CancellationToken cancellationToken);
}
