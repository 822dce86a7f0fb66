using System.Security.Cryptography;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Uploads;

/// <summary>SHA-256 hashes as clients send them.</summary>
internal static class ChunkDigest
{
    /// <summary>The header of RFC 9530: <c>sha-256=:BASE64:</c>.</summary>
    public const string Header = "Content-Digest";

    private const string Algorithm = "sha-256=:";

    /// <summary>The hash of a chunk, from its header.</summary>
    /// <exception cref="RequestException">The header is missing or malformed.</exception>
    public static byte[] Read(HttpRequest request)
    {
        var text = string.Join(',', request.Headers[Header].ToArray());
        if (text.Length == 0)
            throw RequestException.Missing(Header, $"{Header} is missing: send the SHA-256 of the chunk, as sha-256=:BASE64:.");
        var own = text.Split(',', StringSplitOptions.TrimEntries)
            .FirstOrDefault(one => one.StartsWith(Algorithm, StringComparison.OrdinalIgnoreCase) && one.EndsWith(':'));
        var hash = new byte[SHA256.HashSizeInBytes];
        return own is { Length: > 10 } && Convert.TryFromBase64String(own[Algorithm.Length..^1], hash, out var length)
            && length == hash.Length
            ? hash
            : throw RequestException.Invalid(Header, "must have the SHA-256 of the chunk, as sha-256=:BASE64:.");
    }

    /// <summary>The hash of a whole body, from a field; empty when it is missing.</summary>
    /// <exception cref="RequestException">It is not 64 hexadecimal digits.</exception>
    public static byte[] ReadHex(string? text)
    {
        if (text is null) return [];
        return text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw RequestException.Invalid("sha256", "must be the SHA-256 of the whole body, as 64 hexadecimal digits.");
    }
}
