using System.Net;

namespace StashAI.Hosting.Addresses;

/// <summary>How this server compares and judges host names of URLs, Host and Origin headers.</summary>
public static class HostNames
{
    private const int LongestName = 253;

    private static readonly HashSet<string> Metadata = new(StringComparer.Ordinal)
    {
        "metadata", "metadata.google.internal", "metadata.goog", "metadata.azure.com", "metadata.azure.internal",
        "metadata.tencentyun.com", "metadata.platformequinix.com", "instance-data", "instance-data.ec2.internal",
    };

    /// <summary>
    /// Lower case, without brackets, zone and trailing dot; an address in its canonical form, whatever form it was written in
    /// (<c>0x7f.1</c>, <c>2130706433</c>, <c>::ffff:127.0.0.1</c>).
    /// </summary>
    public static string Normalise(string host)
    {
        var name = host.Trim().TrimEnd('.').Trim('[', ']').ToLowerInvariant();
        return IPAddress.TryParse(name, out var address) ? AddressRanges.Unmap(address).ToString() : name;
    }

    /// <summary>The normalised host of an absolute URL; empty when it has none, or one that no name server could know.</summary>
    public static string Of(Uri uri)
    {
        try
        {
            var host = Normalise(uri.IdnHost);
            return host.Length <= LongestName ? host : "";
        }
        catch (UriFormatException)
        {
            return ""; // a URL parses with characters that are not possible in a name
        }
    }

    /// <summary><c>localhost</c> and names below it, which resolve to this machine by RFC 6761.</summary>
    public static bool IsLocalhost(string host) => host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal);

    /// <summary>A name under which a cloud serves the secrets of its machines.</summary>
    public static bool IsMetadata(string host) => Metadata.Contains(host);

    /// <summary>True for the name itself or, when the pattern begins with <c>*.</c>, for every name below it.</summary>
    public static bool Matches(string pattern, string host) =>
        pattern.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(pattern[1..], StringComparison.Ordinal) : pattern == host;

    /// <summary>Reads a name, or <c>*.</c> and a name; null when it is neither.</summary>
    public static string? ParsePattern(string text)
    {
        var name = Normalise(text);
        return Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) is UriHostNameType.Unknown
            ? null
            : name;
    }
}
