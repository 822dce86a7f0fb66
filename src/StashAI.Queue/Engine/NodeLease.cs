namespace StashAI.Queue.Engine;

/// <summary>One registration of this process. Work under it must stop when <see cref="Lost"/> is cancelled.</summary>
/// <param name="Key">The node's inside id.</param>
/// <param name="Lost">Cancelled when the lease can no longer be trusted.</param>
public sealed record NodeLease(long Key, CancellationToken Lost);
