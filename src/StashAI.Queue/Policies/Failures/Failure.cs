using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StashAI.Sdk;

namespace StashAI.Queue.Policies.Failures;

/// <summary>
/// Why a task failed, and the group of its job's failures that it belongs to: those of the same kind, with the same HTTP status and the
/// same <see cref="MessagePattern"/>. The fingerprint is the first 8 bytes of the SHA-256 of the three; it is stored, so it never changes.
/// </summary>
public sealed class Failure
{
    private Failure(ErrorKind kind, int? httpStatus, string? message)
    {
        (Kind, HttpStatus, Message, Pattern) = (kind, httpStatus, message, MessagePattern.Of(message));
        var name = string.Create(CultureInfo.InvariantCulture, $"{(int)kind}|{httpStatus}|{Pattern}");
        Fingerprint = BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    }

    public ErrorKind Kind { get; }

    /// <summary>The status of the service's answer; null when there was none.</summary>
    public int? HttpStatus { get; }

    /// <summary>The message as it came.</summary>
    public string? Message { get; }

    /// <summary>The message without what differs from one item to the next.</summary>
    public string Pattern { get; }

    public long Fingerprint { get; }

    public static Failure Of(ErrorKind kind, int? httpStatus, string? message) => new(kind, httpStatus, message);

    /// <summary>A fingerprint as clients see it: 16 hexadecimal digits.</summary>
    public static string Text(long fingerprint) => fingerprint.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The fingerprint of a text; null when it is none.</summary>
    public static long? Parse(string text) =>
        text.Length == 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? (long)number : null;
}
