using StashAI.Queue.Model.Nodes;

namespace StashAI.Queue.Store;

/// <summary>Reads how well a database can clean up behind the queue. A store that can tell is asked for this interface.</summary>
public interface IDatabaseCheck
{
    /// <summary>One cheap look at the server's own figures; they may be seconds old.</summary>
    Task<DatabaseHealth> CheckAsync(CancellationToken cancellationToken);
}
