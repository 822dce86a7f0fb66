using System.Net;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>
/// Accepts only requests whose Host header is an IP address, localhost, or an allowed name. Otherwise any web page could reach the service through a
/// domain of its own that resolves to this machine (DNS rebinding).
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
            $"The Host header '{host}' is not allowed. Use an IP address or localhost, or add the name to VISAGE_ALLOWED_HOSTS.");
    }
}
