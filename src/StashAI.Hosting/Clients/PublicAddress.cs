namespace StashAI.Hosting.Clients;

/// <summary>Where the client of a request reaches this program: through trusted proxies, that is not where the request arrived.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">The host, with its port unless it is the scheme's own.</param>
/// <param name="Base">The path before the program's own paths; empty without one.</param>
public sealed record PublicAddress(string Scheme, HostString Host, PathString Base)
{
    /// <summary>The address without a slash at its end.</summary>
    public string Url => $"{Scheme}://{Host.ToUriComponent()}{Base.ToUriComponent()}";

    /// <summary>The address of WebSockets, without a slash at its end.</summary>
    public string SocketUrl => $"{(Scheme == "https" ? "wss" : "ws")}://{Host.ToUriComponent()}{Base.ToUriComponent()}";
}
