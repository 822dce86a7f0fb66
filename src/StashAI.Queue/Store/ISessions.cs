using StashAI.Queue.Model.Interactions;

namespace StashAI.Queue.Store;

/// <summary>Sessions of clients. What these calls return is durable.</summary>
public interface ISessions
{
    /// <summary>
    /// Creates or updates sessions in one transaction: given values replace the stored ones, missing values stay, and the client's counts
    /// never fall.
    /// </summary>
    /// <returns>The sessions as they are now, in the order given.</returns>
    Task<IReadOnlyList<SessionView>> SaveSessionsAsync(IReadOnlyList<SessionUpdate> sessions, CancellationToken cancellationToken);

    /// <summary>One session by the client's name for it, or null.</summary>
    Task<SessionView?> FindSessionAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>One session by its own id, or null.</summary>
    Task<SessionView?> FindSessionAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>A page of sessions, newest first; of one user, or of all.</summary>
    Task<IReadOnlyList<SessionView>> ListSessionsAsync(string? userId, int limit, int offset, CancellationToken cancellationToken);
}
