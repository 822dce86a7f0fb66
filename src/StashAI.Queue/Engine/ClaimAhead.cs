namespace StashAI.Queue.Engine;

/// <summary>
/// How many calls to claim ahead: as many as the slots finish during one claim, <c>ceil(slots x claim latency / service time)</c>, from
/// moving averages. Nothing is claimed ahead for a slow service, so that its tasks stay free for other nodes, and little of large
/// inputs, because they wait in memory.
/// </summary>
internal sealed class ClaimAhead(int slots, int limit)
{
    /// <summary>The most bytes of input that may wait in memory.</summary>
    public const int MaxBytes = 16 << 20;

    private const double Weight = 0.1;

    private double claimSeconds;
    private double serviceSeconds = double.PositiveInfinity;
    private double callTasks = 1;
    private double callBytes;

    /// <summary>Calls to claim beyond the free slots.</summary>
    public int Count => CountFor(slots, Volatile.Read(ref serviceSeconds));

    /// <summary>Calls to claim beyond the limit of a lane with calls of such a duration.</summary>
    public int CountFor(int laneLimit, double callSeconds)
    {
        var most = Math.Min(slots, laneLimit);
        var ideal = Math.Ceiling(most * Volatile.Read(ref claimSeconds) / Math.Max(1e-6, callSeconds));
        // Claiming ahead does not pay off for fewer than one call per four slots.
        return ideal <= most / 4.0 ? 0 : (int)Math.Min(Math.Min(limit / callTasks, 2 * ideal), MaxBytes / Math.Max(1, callBytes));
    }

    /// <summary>Records how long a claim took and what it returned: at least one call, and the sums of tasks and bytes.</summary>
    public void RecordClaim(TimeSpan latency, int calls, int tasks, long bytes)
    {
        claimSeconds = Average(claimSeconds, latency.TotalSeconds);
        // Growth counts at once, so that the next claim does not fetch hundreds of large inputs.
        callTasks = PeakAverage(callTasks, (double)tasks / calls);
        callBytes = PeakAverage(callBytes, (double)bytes / calls);
    }

    public void RecordCall(TimeSpan duration) =>
        Volatile.Write(ref serviceSeconds, Average(Volatile.Read(ref serviceSeconds), duration.TotalSeconds));

    private static double PeakAverage(double average, double next) => next > average ? next : Average(average, next);

    private static double Average(double average, double next) =>
        double.IsInfinity(average) || average == 0 ? next : average + (Weight * (next - average));
}
