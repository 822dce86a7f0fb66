namespace StashAI.Queue.Policies;

/// <summary>
/// Fixed buckets of times, each a quarter of a power of two wide, from a millisecond to half a day. Counts by bucket can be added up over
/// minutes, services and processes, and give any percentile within 10 %. The numbers are stored: never renumber.
/// </summary>
public static class LatencyBuckets
{
    private const int PerDoubling = 4;

    /// <summary>How many buckets there are. The first has everything below a millisecond, the last everything above half a day.</summary>
    public const int Count = 104;

    /// <summary>The bucket of a time.</summary>
    public static int Of(TimeSpan time) =>
        time.TotalMilliseconds < 1 ? 0 : Math.Min(Count - 1, 1 + (int)(Math.Log2(time.TotalMilliseconds) * PerDoubling));

    /// <summary>
    /// The time in milliseconds below which this part (0 to 1) of the calls lies, given counts by bucket in order; null without calls.
    /// </summary>
    public static double? Percentile(IReadOnlyList<(int Bucket, long Count)> calls, double part)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(calls.Sum(one => one.Count) * part));
        var seen = 0L;
        foreach (var (bucket, count) in calls)
        {
            seen += count;
            if (seen >= wanted) return Middle(bucket);
        }

        return null;
    }

    private static double Middle(int bucket) => bucket == 0 ? 0.5 : Math.Pow(2, (bucket - 0.5) / PerDoubling);
}
