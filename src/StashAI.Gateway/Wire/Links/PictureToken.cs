using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StashAI.Gateway.Wire.Links;

/// <summary>
/// The right to see one person's picture for a day or two. It is part of a link's path, because an <c>img</c> element cannot send a key.
/// Only readers of results get such links, and each is valid for only one picture.
/// </summary>
/// <param name="Origin">The service's scheme, host and port; empty for the configured service.</param>
/// <param name="Person">The person's id there.</param>
/// <param name="LastDay">The last day on which it is valid, counted from 1970.</param>
internal readonly record struct PictureToken(string Origin, Guid Person, int LastDay)
{
    /// <summary>The path of picture links before the token.</summary>
    public const string PathPrefix = "/api/visage/pictures";

    private const int MacLength = 16;
    private const int Head = sizeof(int) + 16;
    private const int MaxLength = 1024;

    /// <summary>The token as text. It stays the same all day, so that browsers can cache the picture.</summary>
    public string Sign(ReadOnlySpan<byte> key)
    {
        var origin = Encoding.UTF8.GetBytes(Origin);
        var bytes = new byte[Head + origin.Length + MacLength];
        BinaryPrimitives.WriteInt32BigEndian(bytes, LastDay);
        Person.TryWriteBytes(bytes.AsSpan(sizeof(int)), bigEndian: true, out _);
        origin.CopyTo(bytes, Head);
        Mac(key, bytes.AsSpan(0, Head + origin.Length)).CopyTo(bytes.AsSpan(Head + origin.Length));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a token that was signed with this key; null for any other text.</summary>
    public static PictureToken? Read(string text, ReadOnlySpan<byte> key)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < Head + MacLength) return null;
        var signed = bytes.AsSpan(..^MacLength);
        if (!CryptographicOperations.FixedTimeEquals(Mac(key, signed), bytes.AsSpan(^MacLength..))) return null;
        return new PictureToken(
            Encoding.UTF8.GetString(signed[Head..]),
            new Guid(signed.Slice(sizeof(int), 16), bigEndian: true),
            BinaryPrimitives.ReadInt32BigEndian(signed));
    }

    private static ReadOnlySpan<byte> Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> signed) =>
        HMACSHA256.HashData(key, signed).AsSpan(0, MacLength);
}
