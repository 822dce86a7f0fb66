using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Execution;
using StashAI.Queue.Settings;

namespace StashAI.Queue.Engine;

/// <summary>Starts and stops the claim loop, the call runner and the call ender in order.</summary>
internal sealed class Dispatcher(
    ClaimLoop claims, CallRunner runner, CallEnder ender, CallBacklog backlog, OwnedTasks running, QueueOptions options,
    TimeProvider clock, ILogger logger)
    : IDisposable
{
    private Task calls = Task.CompletedTask;

    /// <summary>Claimed calls that wait for a slot.</summary>
    public int Reserved => backlog.Waiting;

    public void Start()
    {
        calls = runner.RunAsync(options.Workers);
        ender.Start();
        claims.Start();
    }

    /// <summary>Stops claiming, gives back waiting calls, lets running calls end, and aborts those that take too long.</summary>
    public async Task StopAsync()
    {
        await claims.StopAsync();
        while (backlog.TryTake(out var call))
        {
            foreach (var task in call.Tasks.Where(task => task.Owned.TryStart())) await ender.ReleaseAsync(task);
        }

        backlog.Complete();
        if (!await EndsWithinAsync(calls, options.DrainTimeout))
        {
            Log.AbortingCalls(logger, running.Count);
            await runner.AbortAsync();
            if (!await EndsWithinAsync(calls, options.AbortTimeout)) Log.CallsDidNotEnd(logger, running.Count);
        }

        await ender.StopAsync();
    }

    public void Dispose()
    {
        claims.Dispose();
        runner.Dispose();
    }

    private async Task<bool> EndsWithinAsync(Task work, TimeSpan limit)
    {
        using var over = new CancellationTokenSource();
        var first = await Task.WhenAny(work, Task.Delay(limit, clock, over.Token));
        await over.CancelAsync();
        return first == work;
    }
}
