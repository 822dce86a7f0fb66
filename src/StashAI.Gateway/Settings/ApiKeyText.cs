using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StashAI.Gateway.Settings;

/// <summary>
/// The text of an API key: <c>stashai_</c>, eight characters that identify it, and 256 random bits. A plain SHA-256 is enough to store it,
/// because random bits cannot be guessed.
/// </summary>
internal static class ApiKeyText
{
    /// <summary>The prefix of tickets, which no key has.</summary>
    public const string TicketStart = "ticket_";

    private const string Start = "stashai_";
    private const int PrefixLength = 16;
    private const int SecretBytes = 32;

    public static string Create() =>
        Start + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)) + "_"
        + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static bool IsTicket(string text) => text.StartsWith(TicketStart, StringComparison.Ordinal);

    /// <summary>The prefix of a key, which is not secret; null for a text that is not a key of this product.</summary>
    public static string? PrefixOf(string key) =>
        key.Length > PrefixLength + 1 && key.StartsWith(Start, StringComparison.Ordinal) && key[PrefixLength] == '_'
            ? key[..PrefixLength]
            : null;

    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
