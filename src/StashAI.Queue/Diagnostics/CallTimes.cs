namespace StashAI.Queue.Diagnostics;

/// <summary>A histogram of call durations. Its buckets grow by 10 %, from a millisecond to days, so that memory stays constant.</summary>
internal sealed class CallTimes
{
    private const double Growth = 1.1;

    private readonly int[] buckets = new int[220];

    public int Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        var bucket = (int)Math.Ceiling(Math.Log(Math.Max(1, duration.TotalMilliseconds), Growth));
        buckets[Math.Min(bucket, buckets.Length - 1)]++;
        Count++;
    }

    /// <summary>The duration in milliseconds that a share of the calls (0 to 1) did not exceed, to within 10 %; 0 without calls.</summary>
    public double Percentile(double share)
    {
        var left = (int)Math.Ceiling(share * Count);
        for (var i = 0; i < buckets.Length && Count > 0; i++)
        {
            left -= buckets[i];
            if (left <= 0) return Math.Pow(Growth, i);
        }

        return 0;
    }

    public void Clear()
    {
        Array.Clear(buckets);
        Count = 0;
    }
}
