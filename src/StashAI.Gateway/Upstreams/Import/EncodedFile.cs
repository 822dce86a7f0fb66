using System.Buffers.Binary;
using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>A file within a command, as base64.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Prefix">The prefix of its data URL; null for none.</param>
internal sealed partial record EncodedFile(byte[] Bytes, string? Prefix)
{
    /// <summary>
    /// Decodes a file from a text, or returns null. Long words, sequences and hashes may look like base64, so the text must be a data URL
    /// or decode to a known file signature.
    /// </summary>
    public static EncodedFile? Find(string text)
    {
        if (Encoded().Match(text) is not { Success: true } match) return null;
        var encoded = match.Groups["base64"].Value;
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length) || length == 0
            || Convert.ToBase64String(bytes, 0, length) != encoded)
        {
            return null;
        }

        Array.Resize(ref bytes, length);
        var prefix = match.Groups["prefix"] is { Success: true, Value: var given } ? given : null;
        return prefix is not null || HasSignature(bytes) ? new EncodedFile(bytes, prefix) : null;
    }

    private static bool HasSignature(byte[] bytes) => bytes switch
    {
        // A signature of two letters is weak, so more of the header is checked.
        [(byte)'B', (byte)'M', ..] => bytes.Length > 14 && BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(2)) == bytes.Length,
        [0xFF, 0xFB or 0xF3 or 0xF2, var rates, ..] => rates >> 4 is not (0 or 15) && (rates >> 2 & 3) != 3
            && bytes.AsSpan(4).IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0 && bytes.Length > 96,
        _ => FileKind.ContentType(bytes) != "application/octet-stream",
    };

    [GeneratedRegex("^(?<prefix>data:[^,]{0,80};base64,)?(?<base64>[A-Za-z0-9+/]{32,}={0,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Encoded();
}
