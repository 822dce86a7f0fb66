using StashAI.Gateway.Settings;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Wire.Links;

/// <summary>Where browsers reach this gateway: what the operator says, or the address that a request came to.</summary>
/// <param name="Configured">Without a slash at its end; null when the operator says nothing.</param>
internal sealed record PublicUrl(string? Configured)
{
    public static PublicUrl Read(SettingsReader reader) => new(reader.Read(GatewaySettings.PublicUrl)?.AbsoluteUri.TrimEnd('/'));

    public string Of(HttpRequest request) => Configured ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
