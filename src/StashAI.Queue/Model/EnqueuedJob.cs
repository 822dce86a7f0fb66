namespace StashAI.Queue.Model;

/// <summary>A job that is durable.</summary>
/// <param name="Key">Its inside id.</param>
/// <param name="JobId">Its outside id.</param>
/// <param name="Total">How many tasks it has.</param>
public sealed record EnqueuedJob(long Key, Guid JobId, int Total);
