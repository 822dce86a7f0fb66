using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Secrets;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Services;

namespace StashAI.Gateway.Wire.Secrets;

/// <summary>
/// Encrypts the secrets of a job's configuration before anything is stored (AES-256-GCM, bound to service and key), decrypts them for a
/// call, and masks them wherever a configuration is shown.
/// </summary>
internal sealed class SecretVault(SecretKey key) : IConfigSecrets
{
    private const string Mark = "stashai-secret:1:";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Encrypts the secrets of a configuration for storage.</summary>
    /// <exception cref="RequestException">There is no key with which other machines could decrypt it.</exception>
    public byte[] Seal(string service, byte[] config, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0) return config;
        byte[]? secret = null;
        return Rewrite(config, (name, value) =>
        {
            if (!keys.Contains(name) || value.ValueKind != JsonValueKind.String) return null;
            return Seal(secret ??= Key(name), service, name, value.GetString()!);
        });
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Decrypt(string service, ReadOnlyMemory<byte> config, IReadOnlyList<string> keys)
    {
        if (!HasSecrets(config.Span)) return config;
        return Rewrite(config, (name, value) =>
            keys.Contains(name) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text
            && text.StartsWith(Mark, StringComparison.Ordinal)
                ? Decrypt(service, name, text[Mark.Length..])
                : null);
    }

    /// <summary>
    /// Masks the secrets of a configuration as <c>***</c>, and what may be one in the address of a webhook, which earlier versions kept
    /// there.
    /// </summary>
    public static ReadOnlyMemory<byte> Hide(ReadOnlyMemory<byte> config)
    {
        if (!HasSecrets(config.Span) && config.Span.IndexOf("\"webhook\""u8) < 0) return config;
        return Rewrite(config, (name, value) => value.ValueKind != JsonValueKind.String ? null
            : value.GetString()!.StartsWith(Mark, StringComparison.Ordinal) ? SecretMask.Replacement
            : name == WebhookAddress.Key ? WebhookAddress.Hide(value.GetString()!)
            : null);
    }

    private static bool HasSecrets(ReadOnlySpan<byte> config) => config.IndexOf("stashai-secret:1:"u8) >= 0;

    private byte[] Key(string name)
    {
        try
        {
            return key.Value ?? throw new RequestException(
                Problem.Invalid(
                    $"config.{name} is a secret, but this server has no encryption key that all machines on its database share: "
                    + $"set {key.Place} on all of them.",
                    $"config.{name}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RequestException(
                Problem.Unavailable($"config.{name} is a secret, but the encryption key is not available: {exception.Message}"));
        }
    }

    private static string Seal(byte[] secret, string service, string name, string value)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(secret, TagBytes);
        cipher.Encrypt(
            nonce, plain, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes), Context(service, name));
        return Mark + Base64Url.EncodeToString(sealedBytes);
    }

    private string Decrypt(string service, string name, string text)
    {
        try
        {
            var sealedBytes = Base64Url.DecodeFromChars(text);
            var secret = key.Value ?? throw new InvalidOperationException(
                $"config.{name} is a secret, but this process has no key to decrypt it: set {key.Place}.");
            var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(secret, TagBytes);
            cipher.Decrypt(
                sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes),
                plain, Context(service, name));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or OverflowException)
        {
            throw new InvalidOperationException(
                $"config.{name} is a secret that was encrypted with another key than {key.Place}: "
                + "restore that key, or submit the job again.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"config.{name} is a secret, but its key cannot be read: {exception.Message}");
        }
    }

    private static byte[] Context(string service, string name) => Encoding.UTF8.GetBytes($"{service}\n{name}");

    private static byte[] Rewrite(ReadOnlyMemory<byte> config, Func<string, JsonElement, string?> replace)
    {
        using var document = JsonDocument.Parse(config);
        if (document.RootElement.ValueKind != JsonValueKind.Object) return config.ToArray();
        var buffer = new ArrayBufferWriter<byte>(config.Length + 64);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (replace(property.Name, property.Value) is { } text) json.WriteString(property.Name, text);
                else property.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
