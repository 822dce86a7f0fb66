using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Wire.Links;

/// <summary>Where browsers reach this gateway: what the operator says, or the address that a request came to, as trusted proxies name it.</summary>
/// <param name="Configured">Without a slash at its end; null when the operator says nothing.</param>
internal sealed record PublicUrl(string? Configured)
{
    public const string Setting = "PUBLIC_URL";

    /// <exception cref="InvalidOperationException">The setting is no address of a server.</exception>
    public static PublicUrl From(IConfiguration configuration)
    {
        if (configuration[Setting]?.Trim() is not { Length: > 0 } text) return new PublicUrl((string?)null);
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
            ? new PublicUrl(url.AbsoluteUri.TrimEnd('/'))
            : throw new InvalidOperationException($"'{text}' is not valid in {Setting}: use the address of this server as browsers see it, such as https://ai.example.org.");
    }

    /// <summary>The path below which a proxy publishes this server (BASE_PATH).</summary>
    /// <exception cref="InvalidOperationException">The setting is not valid.</exception>
    public static BasePath BaseFrom(IConfiguration configuration)
    {
        try
        {
            return BasePath.Parse(configuration[BasePath.Setting]);
        }
        catch (FormatException error)
        {
            throw new InvalidOperationException(error.Message);
        }
    }

    /// <summary>The address for the client of a request.</summary>
    public string Of(HttpRequest request) => Configured ?? request.HttpContext.PublicAddress().Url;
}
