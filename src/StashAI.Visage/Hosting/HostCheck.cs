using System.Net;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>
/// Serves only requests whose Host header is an IP address, localhost, or a name from the settings. Otherwise any web page
/// could reach the service through a name of its own that resolves to this machine.
/// </summary>
internal sealed class HostCheck(RequestDelegate next, VisageOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host.Host;
        if (IPAddress.TryParse(host.Trim('[', ']'), out _)
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            return next(context);
        }

        throw new RequestRefusedException(
            StatusCodes.Status421MisdirectedRequest,
            $"The Host header names '{host}'. Use an IP address or localhost, or add the name to AllowedHosts (VISAGE_ALLOWED_HOSTS).");
    }
}
