using StashAI.Queue.Diagnostics;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Tries every few seconds what work needs of the database, so that a process without work knows as well.</summary>
internal sealed class StoreProber(IStoreProbe store, WorkHealth health, TimeProvider clock)
{
    /// <summary>A database that takes longer than this does not work.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long it rests between two tries.</summary>
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
            health.Failed(WorkHealth.Database, timeout.IsCancellationRequested ? new TimeoutException($"No answer within {Timeout.TotalSeconds:0} s.") : exception);
            return RetryPause;
        }
    }
}
