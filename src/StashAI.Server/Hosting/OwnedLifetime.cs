namespace StashAI.Server.Hosting;

/// <summary>
/// A lifetime that leaves signals to the command line. The framework's own lifetime would end a child at a Ctrl-C, which a terminal sends
/// to all processes, while its parent still needs it.
/// </summary>
internal sealed class OwnedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
