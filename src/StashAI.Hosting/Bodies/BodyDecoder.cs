using System.Buffers;
using System.IO.Compression;

namespace StashAI.Hosting.Bodies;

/// <summary>
/// Decodes a compressed body and checks that all of it came: the framework's streams take a body that was cut off for a shorter one, which would
/// lose items.
/// </summary>
internal abstract class BodyDecoder(CodedBytes coded) : IDisposable
{
    /// <summary>What a Content-Encoding may say.</summary>
    public const string Accepted = "gzip, deflate, br";

    protected CodedBytes Coded { get; } = coded;

    /// <summary>The decoder of a coding; null for an unknown one.</summary>
    public static BodyDecoder? For(string coding, CodedBytes coded) => coding switch
    {
        "gzip" or "x-gzip" => new Gzip(coded),
        "deflate" => new Zlib(coded),
        "br" => new Brotli(coded),
        _ => null,
    };

    /// <summary>Reads decoded bytes; 0 at the end.</summary>
    /// <exception cref="InvalidDataException">The body is damaged or cut off.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    public abstract void Dispose();

    private static InvalidDataException CutOff() => new("The compressed body is damaged or cut off.");

    /// <summary>Reads what stands behind the compressed bytes, so that the last four are known.</summary>
    private async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        var rest = new byte[256];
        while (await Coded.ReadAsync(rest, cancellationToken) > 0)
        {
        }
    }

    /// <summary>Ends with the number of decoded bytes.</summary>
    private sealed class Gzip(CodedBytes coded) : BodyDecoder(coded)
    {
        private readonly GZipStream stream = new(coded, CompressionMode.Decompress);
        private uint bytes;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            bytes = unchecked(bytes + (uint)read);
            if (read > 0) return read;
            await DrainAsync(cancellationToken);
            return Coded.Count >= 18 && Coded.LittleEndianTail == bytes ? 0 : throw CutOff();
        }

        public override void Dispose() => stream.Dispose();
    }

    /// <summary>The name `deflate` stands for the zlib format (RFC 9110, 8.4.1.2), which ends with the Adler-32 sum of the decoded bytes.</summary>
    private sealed class Zlib(CodedBytes coded) : BodyDecoder(coded)
    {
        private const uint Base = 65521;

        /// <summary>So many bytes can be added before the sums overflow.</summary>
        private const int MaxRun = 5552;

        private readonly ZLibStream stream = new(coded, CompressionMode.Decompress);
        private uint low = 1;
        private uint high;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            Add(buffer.Span[..read]);
            if (read > 0) return read;
            await DrainAsync(cancellationToken);
            return Coded.Count >= 8 && Coded.BigEndianTail == ((high << 16) | low) ? 0 : throw CutOff();
        }

        public override void Dispose() => stream.Dispose();

        private void Add(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                var run = bytes[..Math.Min(bytes.Length, MaxRun)];
                foreach (var value in run)
                {
                    low += value;
                    high += low;
                }

                low %= Base;
                high %= Base;
                bytes = bytes[run.Length..];
            }
        }
    }

    /// <summary>Has no sum, but the decoder knows when it is done.</summary>
    private sealed class Brotli(CodedBytes coded) : BodyDecoder(coded)
    {
        private readonly byte[] input = ArrayPool<byte>.Shared.Rent(16 * 1024);
        private BrotliDecoder decoder;
        private int start;
        private int end;
        private bool isDone;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (!isDone)
            {
                var status = decoder.Decompress(input.AsSpan(start, end - start), buffer.Span, out var consumed, out var written);
                start += consumed;
                if (status == OperationStatus.InvalidData) throw CutOff();
                isDone = status == OperationStatus.Done;
                if (written > 0) return written;
                if (isDone) break;
                (start, end) = (0, await Coded.ReadAsync(input, cancellationToken));
                if (end == 0) throw CutOff();
            }

            if (start < end || await Coded.ReadAsync(input, cancellationToken) > 0) throw CutOff();
            return 0;
        }

        public override void Dispose()
        {
            decoder.Dispose();
            ArrayPool<byte>.Shared.Return(input);
        }
    }
}
