using StashAI.Queue.Engine;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>Looks for changed declarations every second, also where the file system sends no events, as in containers.</summary>
internal sealed partial class ServiceReloader(ServiceCatalog catalog, QueueEngine engine, TimeProvider clock, ILogger<ServiceReloader> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>True while the store does not know the services as they are: it is told again at the next look.</summary>
    private bool isUndeclared;

    /// <summary>Takes over what has changed; true when something had.</summary>
    public async Task<bool> ReloadAsync(CancellationToken cancellationToken)
    {
        isUndeclared |= catalog.Reload();
        if (!isUndeclared) return false;
        await engine.DeclareServicesAsync(cancellationToken);
        isUndeclared = false;
        LogReloaded(catalog.Current.Declared.Count);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryReloadAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReloadAsync(cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The services have changed; there are {Count} now")]
    private partial void LogReloaded(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The services could not be read again: {Reason}")]
    private partial void LogFailed(string reason);
}
