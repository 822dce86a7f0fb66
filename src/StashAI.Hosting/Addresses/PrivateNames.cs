namespace StashAI.Hosting.Addresses;

/// <summary>
/// Host names that nobody can register: names without a dot, and the domains that standards keep for private networks (RFC 6762 with its
/// appendix G, RFC 8375, ICANN's <c>.internal</c>). On the internet, no name server answers for them.
/// </summary>
public static class PrivateNames
{
    private static readonly string[] Domains =
        [".local", ".home.arpa", ".internal", ".lan", ".home", ".corp", ".private", ".intranet", ".localdomain"];

    /// <summary>True for a private name; <paramref name="host"/> is normalised by <see cref="HostNames.Normalise"/>.</summary>
    public static bool Contain(string host) =>
        host.Length > 0
        && !System.Net.IPAddress.TryParse(host, out _)
        && (!host.Contains('.', StringComparison.Ordinal)
            || Array.Exists(Domains, domain => host.EndsWith(domain, StringComparison.Ordinal)));
}
