using Microsoft.Extensions.Logging;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Queue.Diagnostics;

/// <summary>Logs one line for each service with activity, every ten seconds.</summary>
internal sealed class ServiceSummary(IRead store, TimeProvider clock, ILogger logger)
{
    /// <summary>The name in logs and in the health report.</summary>
    public const string Name = "Service summary";

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Sums> services = new(StringComparer.Ordinal);
    private long since = clock.GetTimestamp();

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(10);

    public void Add(string service, TaskEvent taskEvent, TimeSpan duration)
    {
        lock (gate)
        {
            if (!services.TryGetValue(service, out var sums)) services.Add(service, sums = new Sums());
            sums.Count[(int)taskEvent]++;
            if (duration > TimeSpan.Zero) sums.Calls.Add(duration);
        }
    }

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var lines = Take();
        if (lines.Count == 0) return Pause;
        var depths = await store.ReadDepthsAsync(cancellationToken);
        foreach (var line in lines)
        {
            var open = depths.FirstOrDefault(depth => depth.Service == line.Service)?.Open ?? 0;
            Log.Summary(
                logger, line.Service, line.Completed, line.Failed, line.Retried, line.Seconds, line.Completed / line.Seconds, open,
                line.P50, line.P95);
        }

        return Pause;
    }

    private List<Line> Take()
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var seconds = Math.Max(0.001, clock.GetElapsedTime(since, now).TotalSeconds);
            since = now;
            var lines = new List<Line>();
            foreach (var (service, sums) in services)
            {
                if (sums.Count.All(count => count == 0)) continue;
                lines.Add(new Line(
                    service, sums.Of(TaskEvent.Succeed), sums.Of(TaskEvent.Fail),
                    sums.Of(TaskEvent.RetryLater) + sums.Of(TaskEvent.Throttle) + sums.Of(TaskEvent.Park), seconds,
                    sums.Calls.Percentile(0.5), sums.Calls.Percentile(0.95)));
                Array.Clear(sums.Count);
                sums.Calls.Clear();
            }

            return lines;
        }
    }

    private sealed class Sums
    {
        public int[] Count { get; } = new int[Enum.GetValues<TaskEvent>().Length];

        public CallTimes Calls { get; } = new();

        public int Of(TaskEvent taskEvent) => Count[(int)taskEvent];
    }

    private readonly record struct Line(string Service, int Completed, int Failed, int Retried, double Seconds, double P50, double P95);
}
