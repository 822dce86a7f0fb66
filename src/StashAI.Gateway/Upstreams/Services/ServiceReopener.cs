using StashAI.Queue.Engine;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// Ends all waits for services once before the queue starts, so that a restart of the server calls services that were down at once. Only
/// the gateway does this: a worker that a supervisor restarts repeatedly would call a service that asked for a pause.
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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The waits for services could not be ended; services that were down are called when their waits are over: {Reason}")]
    private partial void LogNotReopened(string reason);
}
