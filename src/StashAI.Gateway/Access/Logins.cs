using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Access;

/// <summary>
/// Turns an API key into the value of a browser's cookie and back (AES-256-GCM under a key of the database). So a log or a tool that shows
/// a cookie does not show the key, and the cookie is worth what the key is worth: nothing once the key is revoked or has expired.
/// </summary>
internal sealed class Logins(ISigningKeys keys, TimeProvider clock)
{
    /// <summary>How long a login lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>The name of the key in the database.</summary>
    private const string KeyName = "logins";

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = NonceBytes + TagBytes;
    private const int TimeBytes = sizeof(long);
    private const int MaxLength = 4096;

    private byte[]? secret;

    private static ReadOnlySpan<byte> Purpose => "stashai-login:1"u8;

    /// <summary>The value of the cookie for a key.</summary>
    public async Task<string> SealAsync(string apiKey, CancellationToken cancellationToken)
    {
        var plain = new byte[TimeBytes + Encoding.UTF8.GetByteCount(apiKey)];
        BinaryPrimitives.WriteInt64BigEndian(plain, (clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        Encoding.UTF8.GetBytes(apiKey, plain.AsSpan(TimeBytes));
        var bytes = new byte[HeadBytes + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(await SecretAsync(cancellationToken), TagBytes);
        cipher.Encrypt(
            bytes.AsSpan(0, NonceBytes), plain, bytes.AsSpan(HeadBytes), bytes.AsSpan(NonceBytes, TagBytes), Purpose);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The key in a cookie; null for a login that is over, and for a cookie of another server.</summary>
    public async ValueTask<string?> OpenAsync(string value, CancellationToken cancellationToken)
    {
        if (value.Length > MaxLength || !Base64Url.IsValid(value)) return null;
        var bytes = Base64Url.DecodeFromChars(value);
        if (bytes.Length <= HeadBytes + TimeBytes) return null;
        var plain = new byte[bytes.Length - HeadBytes];
        using var cipher = new AesGcm(await SecretAsync(cancellationToken), TagBytes);
        try
        {
            cipher.Decrypt(
                bytes.AsSpan(0, NonceBytes), bytes.AsSpan(HeadBytes), bytes.AsSpan(NonceBytes, TagBytes), plain, Purpose);
        }
        catch (CryptographicException)
        {
            return null;
        }

        var isOver = BinaryPrimitives.ReadInt64BigEndian(plain) <= clock.GetUtcNow().ToUnixTimeMilliseconds();
        return isOver ? null : Encoding.UTF8.GetString(plain.AsSpan(TimeBytes));
    }

    private async ValueTask<byte[]> SecretAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref secret) ?? (secret = await keys.ReadSigningKeyAsync(KeyName, cancellationToken));
}
