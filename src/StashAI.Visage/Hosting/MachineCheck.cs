using StashAI.Hosting.Clients;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>
/// Serves only clients on this machine, unless the network is allowed: the service has no keys, and a proxy on this machine would open it to
/// everybody who reaches the proxy.
/// </summary>
internal sealed class MachineCheck(RequestDelegate next, VisageOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (options.AllowLan || context.ClientAddress() is { IsThisMachine: true }) return next(context);
        throw new RequestRefusedException(
            StatusCodes.Status403Forbidden,
            "This request comes from another machine through a proxy, and Visage has no keys. Allow it with VISAGE_ALLOW_LAN=true, or name the proxy in "
            + "VISAGE_TRUSTED_PROXIES so that its clients on this machine are known.");
    }
}
