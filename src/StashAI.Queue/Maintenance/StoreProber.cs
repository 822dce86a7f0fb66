using StashAI.Queue.Diagnostics;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Probes the database every few seconds, so that a process without work also notices when it fails.</summary>
internal sealed class StoreProber(IStoreProbe store, WorkHealth health, TimeProvider clock)
{
    /// <summary>A database that takes longer than this counts as failed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(3);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await store.ProbeAsync(linked.Token);
            health.Succeeded(WorkHealth.Database);
            return Pause;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            health.Failed(
                WorkHealth.Database,
                timeout.IsCancellationRequested ? new TimeoutException($"No answer within {Timeout.TotalSeconds:0} s.") : exception);
            return RetryPause;
        }
    }
}
