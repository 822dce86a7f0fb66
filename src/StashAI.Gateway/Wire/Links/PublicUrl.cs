namespace StashAI.Gateway.Wire.Links;

/// <summary>Where browsers reach this gateway: what the operator says, or the address that a request came to.</summary>
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

    public string Of(HttpRequest request) => Configured ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
