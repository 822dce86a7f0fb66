namespace StashAI.Queue.Diagnostics;

/// <summary>Durations of calls in buckets that grow by a tenth, from a millisecond to days: no memory for each of them.</summary>
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

    /// <summary>Milliseconds that a share of the calls did not exceed, within a tenth; 0 without calls.</summary>
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
