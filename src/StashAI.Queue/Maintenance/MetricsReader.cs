using StashAI.Queue.Diagnostics;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Reads the metrics that only the database knows, while a listener is enabled.</summary>
internal sealed class MetricsReader(IRead store, QueueMetrics metrics, TimeProvider clock)
{
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(5);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!metrics.WantsSnapshot) return Pause;
        metrics.Update(await store.ReadDepthsAsync(cancellationToken), await store.ListLanesAsync(cancellationToken), clock.GetUtcNow());
        return Pause;
    }
}
