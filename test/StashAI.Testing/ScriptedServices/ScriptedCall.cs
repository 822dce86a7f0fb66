using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace StashAI.Testing.ScriptedServices;

/// <summary>One call as the script sees it, its body read to the end.</summary>
public sealed class ScriptedCall
{
    private readonly IReadOnlyDictionary<string, string> headers;
    private string? bodySha256;

    internal ScriptedCall(
        long number, string method, string path, IReadOnlyDictionary<string, string> headers, ReadBody body)
    {
        Number = number;
        Method = method;
        Path = path;
        this.headers = headers;
        Body = body.Bytes;
        BodyLength = body.Length;
        bodySha256 = body.Sha256;
    }

    /// <summary>The order of arrival over all calls of the service, from 1.</summary>
    public long Number { get; }

    /// <summary>The HTTP method, in capitals.</summary>
    public string Method { get; }

    /// <summary>Path and query, as sent.</summary>
    public string Path { get; }

    /// <summary>The body; with <see cref="BodyHandling.Hash"/> its first 64 KB.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Bytes of the whole body.</summary>
    public long BodyLength { get; }

    /// <summary>SHA-256 of the whole body, lowercase hex.</summary>
    public string BodySha256 => bodySha256 ??= Convert.ToHexStringLower(SHA256.HashData(Body.Span));

    /// <summary>The item that the call is about.</summary>
    public string Item { get; internal set; } = "";

    /// <summary>1 for the first call about this item, 2 for the second, and so on.</summary>
    public int Try { get; internal set; }

    /// <summary>The body as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The value of a header (several values joined by commas), or null; names in any case.</summary>
    public string? Header(string name) => headers.GetValueOrDefault(name);

    /// <summary>A string property of the body's top-level JSON object, or null where there is none.</summary>
    public string? JsonField(string name)
    {
        using var document = JsonDocument.Parse(Body);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(name, out var value)
            ? value.ToString()
            : null;
    }
}
