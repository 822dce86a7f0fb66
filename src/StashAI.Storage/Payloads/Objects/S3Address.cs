using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace StashAI.Storage.Payloads.Objects;

/// <summary>
/// Where objects are: <c>s3://bucket/prefix?endpoint=http://127.0.0.1:9000&amp;region=eu-central-1</c>. It has no secret, so that it may be
/// printed and logged.
/// </summary>
public sealed partial record S3Address
{
    private const string Scheme = "s3://";
    private const int MaxPrefix = 500;

    private S3Address(string bucket, string prefix, Uri? endpoint, string? region) =>
        (Bucket, Prefix, Endpoint, Region) = (bucket, prefix, endpoint, region);

    /// <summary>The name of the bucket.</summary>
    public string Bucket { get; }

    /// <summary>What the keys of all objects begin with, without slashes around it; empty for nothing.</summary>
    public string Prefix { get; }

    /// <summary>The server; null for Amazon's.</summary>
    public Uri? Endpoint { get; }

    /// <summary>The region, which is part of each signature; null for the usual one of other servers, us-east-1.</summary>
    public string? Region { get; }

    /// <summary>The bucket and the prefix, without the server.</summary>
    public string Name => Prefix.Length == 0 ? $"{Scheme}{Bucket}" : $"{Scheme}{Bucket}/{Prefix}";

    /// <summary>The same bucket and server with a longer prefix.</summary>
    public S3Address Below(string name) => new(Bucket, Prefix.Length == 0 ? name : $"{Prefix}/{name}", Endpoint, Region);

    /// <summary>True for a text that means a bucket, right or wrong.</summary>
    public static bool IsMeant(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || text is "s3" or "s3:";

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is not valid. The message says why, and repeats nothing that may be a secret.</exception>
    public static S3Address Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
            throw new FormatException("an address of objects is s3:// and the name of a bucket, such as s3://photos/stashai.");
        var (path, query) = Split(text[Scheme.Length..], '?');
        if (path.Contains('@'))
            throw new FormatException("keys are not part of the address: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
        var (bucket, prefix) = Split(path, '/');
        if (!BucketForm().IsMatch(bucket))
            throw new FormatException("the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens.");
        prefix = prefix.Trim('/');
        if (prefix.Length > MaxPrefix || !PrefixForm().IsMatch(prefix) || prefix.Split('/').Any(part => part is "." or ".."))
            throw new FormatException("the prefix behind the bucket has letters, digits, dots, hyphens, underscores and single slashes.");
        var (endpoint, region) = ReadQuery(query);
        if (endpoint is null && region is null)
            throw new FormatException("give the region of the bucket (?region=eu-central-1), or the server (?endpoint=https://HOST).");
        return new S3Address(bucket, prefix, endpoint, region);
    }

    /// <summary>The address as it is written.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Name);
        var mark = '?';
        foreach (var (name, value) in new[] { ("endpoint", Endpoint?.GetLeftPart(UriPartial.Authority)), ("region", Region) })
        {
            if (value is null) continue;
            text.Append(mark).Append(name).Append('=').Append(value);
            mark = '&';
        }

        return text.ToString();
    }

    private static (Uri? Endpoint, string? Region) ReadQuery(string query)
    {
        Uri? endpoint = null;
        string? region = null;
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(part, '=');
            value = Uri.UnescapeDataString(value);
            if (name == "endpoint" && endpoint is null)
            {
                if (!TryReadEndpoint(value, out endpoint))
                    throw new FormatException("endpoint is http:// or https:// and a host, perhaps with a port, and nothing behind it.");
            }
            else if (name == "region" && region is null)
            {
                region = RegionForm().IsMatch(value) ? value
                    : throw new FormatException("region has lower-case letters, digits and hyphens, such as eu-central-1.");
            }
            else
            {
                throw new FormatException(
                    "endpoint and region, each once, are all that may follow the question mark; keys are set as AWS_ACCESS_KEY_ID and "
                    + "AWS_SECRET_ACCESS_KEY.");
            }
        }

        return (endpoint, region);
    }

    private static bool TryReadEndpoint(string text, [NotNullWhen(true)] out Uri? endpoint) =>
        Uri.TryCreate(text, UriKind.Absolute, out endpoint)
        && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps)
        && endpoint is { PathAndQuery: "/", UserInfo: "", Fragment: "" };

    private static (string Before, string Behind) Split(string text, char at) =>
        text.IndexOf(at) is >= 0 and var index ? (text[..index], text[(index + 1)..]) : (text, "");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketForm();

    [GeneratedRegex(@"\A([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)?\z")]
    private static partial Regex PrefixForm();

    [GeneratedRegex(@"\A[a-z0-9-]{1,50}\z")]
    private static partial Regex RegionForm();
}
