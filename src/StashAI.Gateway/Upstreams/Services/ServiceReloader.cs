using StashAI.Queue.Engine;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>Checks the declarations for changes every second, because file systems in containers may send no events.</summary>
internal sealed partial class ServiceReloader(
    ServiceCatalog catalog, QueueEngine engine, TimeProvider clock, ILogger<ServiceReloader> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A request that saved a declaration reloads too.</summary>
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>True while the store does not have the current services; they are stored again at the next check.</summary>
    private bool isUndeclared;

    /// <summary>Changed services that are still to be called at once.</summary>
    private readonly HashSet<string> changed = [];

    /// <summary>Applies changes; true when there were any. A service with a changed address, key or limit is called at once.</summary>
    public async Task<bool> ReloadAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await ReloadAloneAsync(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    private async Task<bool> ReloadAloneAsync(CancellationToken cancellationToken)
    {
        var before = catalog.Current.Declared;
        isUndeclared |= catalog.Reload();
        if (!isUndeclared) return false;
        changed.UnionWith(catalog.Current.Declared.Where(
            pair => before.TryGetValue(pair.Key, out var entry) && entry.Adapter != pair.Value.Adapter).Select(pair => pair.Key));
        await engine.DeclareServicesAsync(cancellationToken);
        isUndeclared = false;
        foreach (var service in changed.ToList())
        {
            await engine.ReopenServiceAsync(service, cancellationToken);
            changed.Remove(service);
        }

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
            // The server is stopping.
        }
    }

    private async Task TryReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReloadAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The services have changed; there are {Count} now")]
    private partial void LogReloaded(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The services could not be read again: {Reason}")]
    private partial void LogFailed(string reason);
}
