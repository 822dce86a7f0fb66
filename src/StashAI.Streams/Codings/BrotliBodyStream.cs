using System.Buffers;
using System.IO.Compression;

namespace StashAI.Streams.Codings;

/// <summary>Brotli (RFC 7932) has no checksum, but its decoder knows where the data ends.</summary>
internal sealed class BrotliBodyStream(Stream coded) : DecodingStream(coded)
{
    private const string Coding = "br";

    private readonly byte[] input = new byte[16 * 1024];
    private BrotliDecoder decoder;
    private int start;
    private int end;
    private bool isDone;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        while (!isDone)
        {
            var status = decoder.Decompress(input.AsSpan(start, end - start), buffer.Span, out var consumed, out var written);
            start += consumed;
            if (status == OperationStatus.InvalidData) throw CodingException.Damaged(Coding);
            isDone = status == OperationStatus.Done;
            if (written > 0) return written;
            if (isDone) break;
            (start, end) = (0, await ReadCodedAsync(input, cancellationToken));
            if (end == 0) throw CodingException.CutOff(Coding);
        }

        if (start < end || await ReadCodedAsync(input, cancellationToken) > 0) throw CodingException.Followed(Coding);
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) decoder.Dispose();
        base.Dispose(disposing);
    }
}
