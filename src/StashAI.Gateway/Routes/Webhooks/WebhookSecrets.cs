using System.Security.Cryptography;
using System.Text;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary>The secrets of webhooks, in the form of Standard Webhooks: <c>whsec_</c> and base64.</summary>
internal static class WebhookSecrets
{
    private const string Prefix = "whsec_";

    private const int LeastBytes = 24;

    private const int MostBytes = 64;

    /// <summary>The name of the key of which secrets for addresses that jobs name are made.</summary>
    public const string KeyName = "webhooks";

    public static byte[] New() => RandomNumberGenerator.GetBytes(32);

    public static string Text(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    /// <summary>The secret of an address that jobs of an API key name. Another key has another secret for the same address.</summary>
    public static byte[] OfAddress(byte[] key, string? owner, string url) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{owner}\n{url}"));

    /// <exception cref="RequestException">It is not a secret.</exception>
    public static byte[] Parse(string text, string field)
    {
        var bytes = new byte[text.Length];
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length is >= LeastBytes and <= MostBytes
            ? bytes[..length]
            : throw RequestException.Invalid(
                field, $"must be {Prefix} and base64 of {LeastBytes} to {MostBytes} bytes; leave it out, and the server makes one.");
    }
}
