using System.Security.Cryptography;
using System.Text;
using StashAI.Adapters.Http.Secrets;

namespace StashAI.Gateway.Upstreams.Commands;

/// <summary>
/// What stands in a captured call for secrets and for files. A secret never enters the call; it is put in as a mark, which the command
/// shows as a variable. Of a file, only the beginning is put in, so that its type is recognized.
/// </summary>
internal sealed class CommandMarks
{
    private const int MarkBytes = 24;

    private readonly Dictionary<string, string> secrets = [];
    private readonly List<MarkedFile> files = [];

    /// <summary>Variables by their marks.</summary>
    public IReadOnlyDictionary<string, string> Secrets => secrets;

    public IReadOnlyList<MarkedFile> Files => files;

    /// <summary>The mark of a variable.</summary>
    public string Secret(string variable)
    {
        if (secrets.FirstOrDefault(one => one.Value == variable).Key is { } known) return known;
        var mark = NewMark();
        secrets.Add(mark, variable);
        return mark;
    }

    /// <summary>The bytes that stand for a file.</summary>
    /// <param name="command">The command that writes the file to standard output.</param>
    /// <param name="head">The beginning of the file.</param>
    public byte[] File(string command, ReadOnlySpan<byte> head)
    {
        // Of a length that is a multiple of 3, so that its base64 has no padding.
        byte[] bytes = [.. head[..(head.Length / 3 * 3)], .. Encoding.ASCII.GetBytes(NewMark())];
        files.Add(new MarkedFile(bytes, Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)), command));
        return bytes;
    }

    /// <summary>A text whose remaining secrets are replaced by a variable's mark.</summary>
    public string Hide(string text, SecretMask mask, string variable)
    {
        if (mask.IsEmpty || mask.Hide(text) == text) return text;
        var stars = NewMark();
        return mask.Hide(text.Replace(SecretMask.Replacement, stars, StringComparison.Ordinal))
            .Replace(SecretMask.Replacement, Secret(variable), StringComparison.Ordinal)
            .Replace(stars, SecretMask.Replacement, StringComparison.Ordinal);
    }

    private static string NewMark() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MarkBytes));
}

/// <summary>A file in a captured call.</summary>
/// <param name="Bytes">What stands for it.</param>
/// <param name="Base64">The same as base64.</param>
/// <param name="Command">The command that writes the file to standard output.</param>
internal sealed record MarkedFile(byte[] Bytes, byte[] Base64, string Command);
