using StashAI.Testing.Processes;

namespace StashAI.Bench.Soak;

/// <summary>One place in the cluster: a gateway or a worker that is started again whenever it ended.</summary>
internal sealed class SoakProcess(
    string name, bool isGateway, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> settings, string folder)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private StashAIProcess? process;

    public string Name => name;

    /// <summary>True while it is killed, frozen or restarted, and until it is ready again.</summary>
    public bool IsDisturbed => turn.CurrentCount == 0;

    /// <summary>Where it answers; null while it is down, and for workers.</summary>
    public string? Url { get; private set; }

    /// <summary>Starts it, as often as it takes, as a supervisor does: while the database is away it ends with a sentence.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await LaunchAsync(cancellationToken);
                return;
            }
            catch (InvalidOperationException)
            {
                await ForgetAsync();
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
    }

    /// <summary>Ends it at once (SIGKILL), waits, and starts it again.</summary>
    public Task KillAsync(TimeSpan down, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            Url = null;
            await process!.KillAsync();
            await ForgetAsync();
            await Task.Delay(down, cancellationToken);
            await StartAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Freezes it (SIGSTOP) and lets it go on (SIGCONT).</summary>
    public Task FreezeAsync(TimeSpan time, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            await process!.SignalAsync(UnixSignal.Stop, cancellationToken);
            await Task.Delay(time, CancellationToken.None);
            await process.SignalAsync(UnixSignal.Continue, CancellationToken.None);
        },
        cancellationToken);

    /// <summary>Asks it to end (SIGTERM) and starts it again.</summary>
    public Task RestartAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            Url = null;
            await process!.SignalAsync(UnixSignal.Terminate, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            await ForgetAsync();
            await StartAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Starts it again should it have ended by itself; true when it had.</summary>
    public async Task<bool> ReviveAsync(CancellationToken cancellationToken)
    {
        var ended = false;
        await InTurnAsync(
            async () =>
            {
                if (process is { HasExited: false }) return;
                ended = true;
                Console.WriteLine($"{name} had ended by itself:\n{string.Join('\n', process!.StandardError.TakeLast(10))}");
                await ForgetAsync();
                await StartAsync(cancellationToken);
            },
            cancellationToken);
        return ended;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await File.WriteAllLinesAsync(Path.Combine(folder, "last.log"), process.StandardError);
            await ForgetAsync();
        }

        turn.Dispose();
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var options = new StashAIProcessOptions { Arguments = arguments, Environment = settings, Folder = folder };
        if (isGateway)
        {
            process = await StashAIProcess.StartAsync(options, cancellationToken);
            Url = process.Url;
            return;
        }

        process = StashAIProcess.Launch(options);
        await process.WaitForLineAsync(line => line.StartsWith("StashAI worker is ready", StringComparison.Ordinal), cancellationToken);
    }

    private async Task ForgetAsync()
    {
        var ended = process;
        process = null;
        if (ended is not null) await ended.DisposeAsync();
    }

    private async Task InTurnAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await act();
        }
        finally
        {
            turn.Release();
        }
    }
}
