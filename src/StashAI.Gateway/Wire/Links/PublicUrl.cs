using StashAI.Gateway.Settings;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Wire.Links;

/// <summary>
/// The address of this gateway for browsers: the configured one, or the address of the request as reported by trusted proxies.
/// </summary>
/// <param name="Configured">The configured address without a final slash; null when not set.</param>
internal sealed record PublicUrl(string? Configured)
{
    public static PublicUrl Read(SettingsReader reader) => new(reader.Read(GatewaySettings.PublicUrl)?.AbsoluteUri.TrimEnd('/'));

    /// <summary>The address for the client of a request.</summary>
    public string Of(HttpRequest request) => Configured ?? request.HttpContext.PublicAddress().Url;
}
