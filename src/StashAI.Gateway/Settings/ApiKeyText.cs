using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StashAI.Gateway.Settings;

/// <summary>
/// The text of an API key: <c>stashai_</c>, eight characters that find it, and 256 random bits. A plain SHA-256 keeps it: what is random has
/// no words that could be tried out.
/// </summary>
internal static class ApiKeyText
{
    /// <summary>What the text of a ticket begins with; no key does.</summary>
    public const string TicketStart = "ticket_";

    private const string Start = "stashai_";
    private const int PrefixLength = 16;
    private const int SecretBytes = 32;

    /// <summary>A new key.</summary>
    public static string Create() =>
        Start + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)) + "_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static bool IsTicket(string text) => text.StartsWith(TicketStart, StringComparison.Ordinal);

    /// <summary>The beginning of a key, which is no secret; null for a text that is no key of ours.</summary>
    public static string? PrefixOf(string key) =>
        key.Length > PrefixLength + 1 && key.StartsWith(Start, StringComparison.Ordinal) && key[PrefixLength] == '_' ? key[..PrefixLength] : null;

    /// <summary>The SHA-256 of a key's text.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
