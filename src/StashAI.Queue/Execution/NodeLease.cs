namespace StashAI.Queue.Execution;

/// <summary>One registration of this process. Work under it must stop when <see cref="Lost"/> is cancelled.</summary>
public sealed class NodeLease
{
    private readonly TimeProvider clock;
    private long trustedUntil;

    /// <summary>A lease that can be trusted for so long.</summary>
    internal NodeLease(long key, TimeSpan trusted, TimeProvider clock, CancellationToken lost)
    {
        this.clock = clock;
        Key = key;
        Lost = lost;
        TrustFor(trusted);
    }

    /// <summary>The node's internal key.</summary>
    public long Key { get; }

    /// <summary>Cancelled when the lease can no longer be trusted.</summary>
    public CancellationToken Lost { get; }

    /// <summary>
    /// False as soon as its time is over. A process that was frozen runs its first instructions before the timer behind
    /// <see cref="Lost"/> fires: nothing may be begun in between.
    /// </summary>
    public bool IsTrusted => !Lost.IsCancellationRequested && clock.GetTimestamp() < Volatile.Read(ref trustedUntil);

    /// <summary>It was renewed, and can be trusted for so long from now.</summary>
    internal void TrustFor(TimeSpan time) =>
        Volatile.Write(ref trustedUntil, clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency));
}
