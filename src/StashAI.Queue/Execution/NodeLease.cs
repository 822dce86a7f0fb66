namespace StashAI.Queue.Execution;

/// <summary>One registration of this process. Work under it must stop when <see cref="Lost"/> is cancelled.</summary>
public sealed class NodeLease
{
    private readonly TimeProvider clock;
    private long trustedUntil;

    /// <summary>A lease that is trusted for <paramref name="trusted"/> from now.</summary>
    internal NodeLease(long key, TimeSpan trusted, TimeProvider clock, CancellationToken lost)
    {
        this.clock = clock;
        Key = key;
        Lost = lost;
        TrustFor(trusted);
    }

    public long Key { get; }

    /// <summary>Cancelled when the lease can no longer be trusted.</summary>
    public CancellationToken Lost { get; }

    /// <summary>
    /// False as soon as the lease's time is up. A process that was frozen may resume before the timer behind <see cref="Lost"/> fires;
    /// nothing may be started in between.
    /// </summary>
    public bool IsTrusted => !Lost.IsCancellationRequested && clock.GetTimestamp() < Volatile.Read(ref trustedUntil);

    /// <summary>Notes a renewal: the lease is trusted for <paramref name="time"/> from now.</summary>
    internal void TrustFor(TimeSpan time) =>
        Volatile.Write(ref trustedUntil, clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency));
}
