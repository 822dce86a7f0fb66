namespace StashAI.Gateway.Upstreams.Services;

/// <summary><c>service://NAME/path</c>: a path at a configured service, resolved to the service's address at each call.</summary>
internal static class ServiceUri
{
    public const string Scheme = "service";

    public static Uri For(string service, string pathAndQuery) => new($"{Scheme}://{service}{pathAndQuery}");

    /// <summary>True for an address that stands for a service.</summary>
    public static bool Is(Uri address) => address.Scheme == Scheme;

    /// <summary>
    /// The query of a service's address and the one that a job gives; a job that names the whole address repeats the first.
    /// </summary>
    public static string JoinQueries(string own, string given) =>
        own.Length <= 1 ? given : given.Length <= 1 || given == own ? own : $"{own}&{given[1..]}";
}
