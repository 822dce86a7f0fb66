using StashAI.Hosting.Clients;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>
/// Accepts only clients on this machine, unless <see cref="VisageOptions.AllowLan"/> is set. The service has no API keys, and a proxy on
/// this machine would open it to everyone who can reach the proxy.
/// </summary>
internal sealed class LocalClientCheck(RequestDelegate next, VisageOptions options, UntrustedProxies proxies)
{
    public Task InvokeAsync(HttpContext context)
    {
        var client = context.ClientAddress();
        if (options.AllowLan || client.IsThisMachine) return next(context);
        proxies.Note(client);
        throw new RequestRefusedException(
            StatusCodes.Status403Forbidden,
            "This request came from another machine or through an untrusted proxy, and Visage has no API keys. "
            + "Set VISAGE_ALLOW_LAN=true to allow it. To allow only clients on this machine through the proxy, "
            + "add the proxy to VISAGE_TRUSTED_PROXIES.");
    }
}
