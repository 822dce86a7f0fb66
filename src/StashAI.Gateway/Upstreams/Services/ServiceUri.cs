namespace StashAI.Gateway.Upstreams.Services;

/// <summary><c>service://NAME/path</c>: a path at a configured service, resolved to the service's address at each call.</summary>
internal static class ServiceUri
{
    public const string Scheme = "service";

    public static Uri For(string service, string pathAndQuery) => new($"{Scheme}://{service}{pathAndQuery}");
}
