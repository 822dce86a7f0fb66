using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace StashAI.Testing.ScriptedServices;

/// <summary>A request body that was read to its end.</summary>
internal readonly record struct ReadBody(ReadOnlyMemory<byte> Bytes, long Length, string? Sha256)
{
    private const int KeptOfHashed = 64 * 1024;

    public static Task<ReadBody> ReadAsync(
        PipeReader reader, long? declaredLength, BodyHandling handling, CancellationToken cancellationToken) =>
        handling == BodyHandling.Hash
            ? HashAsync(reader, cancellationToken)
            : KeepAsync(reader, declaredLength, cancellationToken);

    private static async Task<ReadBody> KeepAsync(
        PipeReader reader, long? declaredLength, CancellationToken cancellationToken)
    {
        if (declaredLength is 0)
        {
            return default;
        }

        // The length that a caller declares sizes the first buffer only up to a bound.
        var kept = new ArrayBufferWriter<byte>((int)Math.Clamp(declaredLength ?? 0, 256, 1 << 20));
        await ConsumeAsync(reader, segment => kept.Write(segment.Span), cancellationToken);
        return new ReadBody(kept.WrittenMemory, kept.WrittenCount, null);
    }

    private static async Task<ReadBody> HashAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var kept = new ArrayBufferWriter<byte>(256);
        long length = 0;
        await ConsumeAsync(
            reader,
            segment =>
            {
                hash.AppendData(segment.Span);
                length += segment.Length;
                var room = Math.Min(segment.Length, KeptOfHashed - kept.WrittenCount);
                kept.Write(segment.Span[..room]);
            },
            cancellationToken);
        return new ReadBody(kept.WrittenMemory, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task ConsumeAsync(
        PipeReader reader, Action<ReadOnlyMemory<byte>> consume, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            foreach (var segment in read.Buffer)
            {
                consume(segment);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
