using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>Adds parts to the hash of a request, each after its length, so that different requests never hash the same bytes.</summary>
internal static class RequestDigest
{
    public static void Add(IncrementalHash digest, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, part.Length);
        digest.AppendData(length);
        digest.AppendData(part);
    }

    public static void Add(IncrementalHash digest, string text) => Add(digest, Encoding.UTF8.GetBytes(text));
}
