using System.IO.Compression;

namespace StashAI.Streams.Codings;

/// <summary>
/// The coding `deflate` is the zlib format (RFC 1950), which ends with the Adler-32 sum of the decoded bytes; some programs send the
/// deflate data alone.
/// </summary>
internal sealed class DeflateBodyStream(Stream coded) : DecodingStream(coded)
{
    private const string Coding = "deflate";
    private const int HeaderLength = 2;
    private const int SumLength = 4;
    private const int PresetDictionary = 0x20;

    private readonly Adler32 sum = new();
    private DeflateInput? input;
    private DeflateStream? data;
    private bool isZlib;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (data is null) await OpenAsync(cancellationToken);
        var read = await InflateAsync(data!, Coding, buffer, cancellationToken);
        if (read > 0)
        {
            input!.Hurry();
            if (isZlib) sum.Append(buffer.Span[..read]);
            return read;
        }

        if (input!.IsCutOff) throw CodingException.CutOff(Coding);
        if (!input.EndedAtTrailer) throw CodingException.Followed(Coding);
        if (isZlib && !input.Rest.SequenceEqual(sum.Bytes)) throw CodingException.Damaged(Coding);
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) data?.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        var head = new byte[HeaderLength];
        var length = 0;
        for (var read = -1; length < HeaderLength && read != 0; length += read)
        {
            read = await ReadCodedAsync(head.AsMemory(length), cancellationToken);
        }

        isZlib = length == HeaderLength && (head[0] & 0x0F) == 8 && ((head[0] << 8) | head[1]) % 31 == 0;
        if (isZlib && (head[1] & PresetDictionary) != 0) throw CodingException.Damaged(Coding);
        input = new DeflateInput(this, isZlib ? SumLength : 0);
        if (!isZlib) input.Return(head.AsSpan(0, length));
        data = new DeflateStream(input, CompressionMode.Decompress, leaveOpen: true);
    }
}
