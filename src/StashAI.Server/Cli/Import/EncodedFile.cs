using System.Buffers.Binary;
using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Server.Cli.Import;

/// <summary>A file that stands in a command as base64.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Prefix">What makes a data URL of it, or null.</param>
internal sealed partial record EncodedFile(byte[] Bytes, string? Prefix)
{
    /// <summary>
    /// The file behind a text, or null. Long words, sequences and hashes have the letters of base64 too, so that only a text with a file's
    /// signature behind it is one, or a data URL, which says so.
    /// </summary>
    public static EncodedFile? Find(string text)
    {
        if (Encoded().Match(text) is not { Success: true } match) return null;
        var encoded = match.Groups["base64"].Value;
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length) || length == 0 || Convert.ToBase64String(bytes, 0, length) != encoded) return null;
        Array.Resize(ref bytes, length);
        var prefix = match.Groups["prefix"] is { Success: true, Value: var given } ? given : null;
        return prefix is not null || HasSignature(bytes) ? new EncodedFile(bytes, prefix) : null;
    }

    private static bool HasSignature(byte[] bytes) => bytes switch
    {
        // Two letters are not much of a signature: these say more of themselves.
        [(byte)'B', (byte)'M', ..] => bytes.Length > 14 && BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(2)) == bytes.Length,
        [0xFF, 0xFB or 0xF3 or 0xF2, var rates, ..] => rates >> 4 is not (0 or 15) && (rates >> 2 & 3) != 3 && bytes.AsSpan(4).IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0 && bytes.Length > 96,
        _ => FileKind.ContentType(bytes) != "application/octet-stream",
    };

    [GeneratedRegex("^(?<prefix>data:[^,]{0,80};base64,)?(?<base64>[A-Za-z0-9+/]{32,}={0,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Encoded();
}
