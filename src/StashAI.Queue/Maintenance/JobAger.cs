using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>Raises the priority of jobs that have waited long.</summary>
/// <param name="step">How long a job must wait to be raised by one.</param>
internal sealed class JobAger(IMaintain store, TimeSpan step)
{
    /// <summary>The most jobs of each lane and priority that one run raises.</summary>
    private const int Limit = 16;

    public TimeSpan Pause { get; } = TimeSpan.FromSeconds(Math.Clamp(step.TotalSeconds / 10, 0.1, 30));

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        await store.AgeAsync(step, Limit, cancellationToken);
        return Pause;
    }
}
