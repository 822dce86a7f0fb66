using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Signals;

namespace StashAI.Queue.Maintenance;

/// <summary>Runs one kind of upkeep repeatedly. A failure is logged, and the next run tries again.</summary>
internal sealed class MaintenanceLoop(
    string name, Func<CancellationToken, Task<TimeSpan>> turn, TimeSpan pause, WorkHealth health, TimeProvider clock, ILogger logger)
    : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;

    /// <summary>Ends the pause early.</summary>
    public Wakeup Wakeup { get; } = new(clock);

    public void Start() => loop = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await loop;
    }

    public void Dispose() => stop.Dispose();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                Wakeup.Reset();
                var wait = pause;
                try
                {
                    wait = await turn(stop.Token);
                    health.Succeeded(name);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
                {
                    Log.MaintenanceFailed(logger, name, exception.Message);
                    health.Failed(name, exception, isVital: false);
                }

                if (wait > TimeSpan.Zero) await Wakeup.WaitAsync(wait, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }
}
