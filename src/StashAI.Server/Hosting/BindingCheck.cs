using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Hosting;

/// <summary>Checks before the server listens that it may listen on its addresses, and afterwards that it listens only there.</summary>
internal sealed class BindingCheck(ServeOptions serve, SecurityOptions security, AccessControl access, IServer server)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => CheckAsync(serve.Urls, cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) =>
        CheckAsync(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [], cancellationToken);

    private async Task CheckAsync(IEnumerable<string> urls, CancellationToken cancellationToken)
    {
        if (BindingPolicy.Check(urls, await access.HasKeysAsync(cancellationToken), security) is { } refusal)
        {
            throw new UsageException(refusal);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
