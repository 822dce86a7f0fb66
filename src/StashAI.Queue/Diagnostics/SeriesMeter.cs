using System.Collections.Concurrent;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Diagnostics;

/// <summary>
/// Counts submits and outcomes of this process by service, in memory: an outcome costs two additions. <see cref="Take"/> hands over what
/// was counted since it was called last; a crash loses that.
/// </summary>
internal sealed class SeriesMeter
{
    private const int Submitted = 0;
    private const int Completed = 1;
    private const int Failed = 2;
    private const int Retried = 3;
    private const int Throttled = 4;
    private const int FirstBucket = 5;

    private readonly ConcurrentDictionary<string, long[]> services = new(StringComparer.Ordinal);

    public void AddSubmitted(string service, int tasks) => Interlocked.Add(ref CellsOf(service)[Submitted], tasks);

    public void AddOutcome(string service, TaskEvent taskEvent, TimeSpan duration)
    {
        int? cell = taskEvent switch
        {
            TaskEvent.Succeed => Completed,
            TaskEvent.Fail => Failed,
            TaskEvent.RetryLater or TaskEvent.Park => Retried,
            TaskEvent.Throttle => Throttled,
            _ => null,
        };
        if (cell is not { } counted) return;
        var cells = CellsOf(service);
        Interlocked.Increment(ref cells[counted]);
        if (duration > TimeSpan.Zero) Interlocked.Increment(ref cells[FirstBucket + LatencyBuckets.Of(duration)]);
    }

    /// <summary>What was counted since the last call, by service; services without anything are left out.</summary>
    public List<SeriesAddition> Take(DateTimeOffset minute)
    {
        var additions = new List<SeriesAddition>();
        foreach (var (service, cells) in services.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var counts = new SeriesCounts(
                TakeCell(cells, Submitted), TakeCell(cells, Completed), TakeCell(cells, Failed), TakeCell(cells, Retried),
                TakeCell(cells, Throttled));
            var calls = new List<(int Bucket, long Count)>();
            for (var bucket = 0; bucket < LatencyBuckets.Count; bucket++)
            {
                if (TakeCell(cells, FirstBucket + bucket) is > 0 and var count) calls.Add((bucket, count));
            }

            if (counts != default || calls.Count > 0) additions.Add(new SeriesAddition(minute, service, counts, calls));
        }

        return additions;
    }

    private static long TakeCell(long[] cells, int index) => cells[index] == 0 ? 0 : Interlocked.Exchange(ref cells[index], 0);

    private long[] CellsOf(string service) =>
        services.TryGetValue(service, out var cells)
            ? cells
            : services.GetOrAdd(service, _ => new long[FirstBucket + LatencyBuckets.Count]);
}
