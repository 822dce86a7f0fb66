namespace StashAI.Server.Hosting;

/// <summary>
/// A host that lives as long as the command that runs it: signals are the command line's affair. The framework's own lifetime would
/// end a child at the Ctrl-C that a terminal sends to everybody, while its parent still needs it.
/// </summary>
internal sealed class OwnedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
