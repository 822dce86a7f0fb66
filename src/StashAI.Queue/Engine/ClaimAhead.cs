namespace StashAI.Queue.Engine;

/// <summary>
/// How many calls to claim ahead: what the slots finish during one claim, `ceil(slots x claim latency / service time)`, from
/// moving averages. A slow service gets nothing ahead, so its tasks stay free for other nodes; large inputs get few, since they
/// wait in memory.
/// </summary>
internal sealed class ClaimAhead(int slots, int limit)
{
    /// <summary>What may wait in memory, bytes.</summary>
    public const int MaxBytes = 16 << 20;

    private const double Weight = 0.1;

    private double claimSeconds;
    private double serviceSeconds = double.PositiveInfinity;
    private double callTasks = 1;
    private double callBytes;

    /// <summary>Calls to hold beyond the slots.</summary>
    public int Count
    {
        get
        {
            var ideal = Math.Ceiling(slots * Volatile.Read(ref claimSeconds) / Math.Max(1e-6, Volatile.Read(ref serviceSeconds)));
            // Below one call for every four slots it is not worth holding any.
            return ideal <= slots / 4.0 ? 0 : (int)Math.Min(Math.Min(limit / callTasks, 2 * ideal), MaxBytes / Math.Max(1, callBytes));
        }
    }

    /// <summary>A claim took <paramref name="latency"/> and brought so many calls, at least one, with so many tasks and bytes in all.</summary>
    public void RecordClaim(TimeSpan latency, int calls, int tasks, long bytes)
    {
        claimSeconds = Average(claimSeconds, latency.TotalSeconds);
        // At once when they grow: the next claim must not bring hundreds of large ones.
        callTasks = PeakAverage(callTasks, (double)tasks / calls);
        callBytes = PeakAverage(callBytes, (double)bytes / calls);
    }

    public void RecordCall(TimeSpan duration) => Volatile.Write(ref serviceSeconds, Average(Volatile.Read(ref serviceSeconds), duration.TotalSeconds));

    private static double PeakAverage(double average, double next) => next > average ? next : Average(average, next);

    private static double Average(double average, double next) =>
        double.IsInfinity(average) || average == 0 ? next : average + (Weight * (next - average));
}
