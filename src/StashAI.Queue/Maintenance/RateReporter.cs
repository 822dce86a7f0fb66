using StashAI.Queue.Execution;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Stores how fast this process works in its lanes, so that every process can estimate when jobs end.</summary>
internal sealed class RateReporter(IMeasure store, NodeKeeper keeper, LaneMeter meter)
{
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (keeper.Current is { } lease && meter.Take() is { Count: > 0 } rates)
        {
            await store.ReportAsync(lease.Key, rates, cancellationToken);
        }

        return Pause;
    }
}
