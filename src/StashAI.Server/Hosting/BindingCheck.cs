using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Hosting;

/// <summary>
/// Checks before the server listens that it may listen on its addresses, logs who is let in and how the first API key is made, and checks
/// afterwards that it listens only there.
/// </summary>
internal sealed partial class BindingCheck(
    ServeOptions serve, SecurityOptions security, AccessControl access, IServer server, ILogger<BindingCheck> logger)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await CheckAsync(serve.Urls, cancellationToken);
        var takesGuests = security.AllowAnonymous == AnonymousAccess.Lan;
        if (await access.HasKeysAsync(cancellationToken))
        {
            if (takesGuests) LogGuests(SecurityOptions.AllowAnonymousSetting);
            else LogKeys();
        }
        else if (takesGuests)
        {
            LogNoKeyWithGuests(SecurityOptions.AllowAnonymousSetting, FirstKey.Command, FirstKey.InContainer);
        }
        else
        {
            LogNoKey(FirstKey.Command);
        }
    }

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

    [LoggerMessage(Level = LogLevel.Information, Message = "Every request needs an API key")]
    private partial void LogKeys();

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Requests without an API key may read and submit jobs, because {Setting}=lan is set; for all else they need one")]
    private partial void LogGuests(string setting);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "There is no API key: this machine may do everything, other machines nothing. The first key is made with `{Command}`")]
    private partial void LogNoKey(string command);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "There is no API key: whoever reaches this server may read and submit jobs, because {Setting}=lan is set. The first key is made "
        + "with `{Command}`, in a container with `{InContainer}`")]
    private partial void LogNoKeyWithGuests(string setting, string command, string inContainer);
}
