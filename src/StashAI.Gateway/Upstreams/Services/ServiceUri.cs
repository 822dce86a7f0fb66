namespace StashAI.Gateway.Upstreams.Services;

/// <summary>`service://NAME/path`: an address at a configured service, whatever that service's address is when it is called.</summary>
internal static class ServiceUri
{
    public const string Scheme = "service";

    public static Uri For(string service, string pathAndQuery) => new($"{Scheme}://{service}{pathAndQuery}");
}
