using Microsoft.AspNetCore.Http;

namespace StashAI.Testing.Objects;

/// <summary>A request to a bucket, as it was sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, as it was escaped.</param>
/// <param name="Query">The parameters, as they were escaped, in their order.</param>
/// <param name="Body">All its bytes.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record S3Request(
    string Method, string Path, IReadOnlyList<(string Name, string Value)> Query, byte[] Body, IHeaderDictionary Headers)
{
    private string[] Parts => Uri.UnescapeDataString(Path).Split('/', 3);

    public string Bucket => Parts[1];

    /// <summary>The key; empty for the bucket itself.</summary>
    public string Key => Parts.Length > 2 ? Parts[2] : "";

    /// <summary>What it is, for people.</summary>
    public string Words
    {
        get
        {
            var query = string.Join('&', Query.Where(one => one.Name is not ("x-id" or "uploadId")).Select(
                one => one.Value.Length == 0 ? one.Name : $"{one.Name}={Uri.UnescapeDataString(one.Value)}"));
            return $"{Method} {Key}{(query.Length == 0 ? "" : "?")}{query}";
        }
    }

    public static S3Request Of(string method, string target, byte[] body, IHeaderDictionary headers)
    {
        var parts = target.Split('?', 2);
        var query = (parts.Length > 1 ? parts[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=', 2));
        return new S3Request(method, parts[0], [.. query.Select(one => (one[0], one.Length > 1 ? one[1] : ""))], body, headers);
    }

    public bool Has(string name) => Query.Any(one => one.Name == name);

    /// <summary>The value of a parameter; empty for none.</summary>
    public string Of(string name) =>
        Uri.UnescapeDataString(Query.Where(one => one.Name == name).Select(one => one.Value).FirstOrDefault() ?? "");
}
