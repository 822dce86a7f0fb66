using StashAI.Server.Cli;
using StashAI.Server.Cli.Options;

namespace StashAI.Server.Security;

/// <summary>Before the server listens: may it, where it is told to?</summary>
internal sealed class BindingCheck(ServeOptions serve, SecurityOptions security, AccessControl access) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (BindingPolicy.Check(serve.Urls, await access.HasKeysAsync(cancellationToken), security) is { } refusal) throw new StartException(refusal);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
