using StashAI.Queue.Engine;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// Ends all waits for services once, before the queue starts: whoever restarts the server wants services that were down to be called at once.
/// Only the gateway does this. A worker that a supervisor restarts again and again would call a service that asked for a pause.
/// </summary>
internal sealed partial class ServiceReopener(QueueEngine engine, ILogger<ServiceReopener> logger) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.ReopenServiceAsync(Pauses.Everything, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotReopened(exception.Message);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Services that were down before the start are called only when their waits are over: {Reason}")]
    private partial void LogNotReopened(string reason);
}
