using StashAI.Queue.Model.Nodes;

namespace StashAI.Queue.Store;

/// <summary>Reads how well a database cleans up behind the queue.</summary>
public interface IDatabaseCheck
{
    /// <summary>Reads the server's own statistics, which is cheap; they may be seconds old.</summary>
    Task<DatabaseHealth> CheckAsync(CancellationToken cancellationToken);
}
