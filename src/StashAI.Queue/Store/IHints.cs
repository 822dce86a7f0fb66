using StashAI.Queue.Model.Changes;

namespace StashAI.Queue.Store;

/// <summary>
/// Tells the other processes on this database that something happened. Hints may be lost, repeated and
/// reordered (S10): polling finds the same later.
/// </summary>
public interface IHints
{
    /// <summary>Tells the other processes; a process does not receive its own hints.</summary>
    Task SendAsync(Hint hint, CancellationToken cancellationToken);

    /// <summary>
    /// Receives the hints of other processes until cancelled, over a connection of its own that it reopens when it breaks. After a
    /// gap it reports one hint without jobs for everything that it missed.
    /// </summary>
    Task ListenAsync(Action<Hint> onHint, CancellationToken cancellationToken);
}
