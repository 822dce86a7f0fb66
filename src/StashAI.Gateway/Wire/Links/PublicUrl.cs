using StashAI.Gateway.Settings;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Wire.Links;

/// <summary>Where browsers reach this gateway: what the operator says, or the address that a request came to, as trusted proxies name it.</summary>
/// <param name="Configured">Without a slash at its end; null when the operator says nothing.</param>
internal sealed record PublicUrl(string? Configured)
{
    public static PublicUrl Read(SettingsReader reader) => new(reader.Read(GatewaySettings.PublicUrl)?.AbsoluteUri.TrimEnd('/'));

    /// <summary>The address for the client of a request.</summary>
    public string Of(HttpRequest request) => Configured ?? request.HttpContext.PublicAddress().Url;
}
