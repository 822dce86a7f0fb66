using System.IO.Pipelines;

namespace StashAI.Hosting.Bodies;

/// <summary>
/// A compressed body (RFC 9110, Content-Encoding) as it was before: whoever reads it counts the bytes that come out. One that grows without
/// measure ends early, and one that is not what its header says, or cut off, is refused.
/// </summary>
internal sealed class CodedBody : Stream
{
    /// <summary>So much may come out of anything.</summary>
    private const long FreeBytes = 64L << 20;

    /// <summary>JSON with photos shrinks to three quarters, monotonous text to a twentieth; only bombs shrink to less than a two-hundredth.</summary>
    private const long MaxGrowth = 200;

    private readonly CodedBytes coded;
    private readonly BodyDecoder? decoder;
    private readonly string coding;
    private readonly HttpResponse response;
    private long bytes;

    private CodedBody(CodedBytes coded, string coding, HttpResponse response) =>
        (this.coded, decoder, this.coding, this.response) = (coded, BodyDecoder.For(coding, coded), coding, response);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The decoded body; null when it is not coded. One in an unknown coding, or in several, is refused when it is read.</summary>
    public static CodedBody? Open(HttpContext context, PipeReader body)
    {
        var coding = string.Join(
            ", ",
            context.Request.Headers.ContentEncoding.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(one => one.ToLowerInvariant())
                .Where(one => one != "identity"));
        if (coding.Length == 0) return null;
        context.Request.Headers.Remove("Content-Encoding");
        return new CodedBody(new CodedBytes(body.AsStream(leaveOpen: true)), coding, context.Response);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (decoder is null) throw Unsupported($"The body's Content-Encoding {Shown()} cannot be read here; send it as {BodyDecoder.Accepted}, or as it is without the header.");
        int read;
        try
        {
            read = await decoder.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            throw Unsupported("The body is not what its Content-Encoding says, or it is cut off; send it again, or as it is without the header.", exception);
        }

        bytes += read;
        if (bytes > FreeBytes && bytes / MaxGrowth > coded.Count)
            throw new CodedBodyException($"The body grows to more than {MaxGrowth} times its size; send it as it is.", StatusCodes.Status413PayloadTooLarge);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder?.Dispose();
            coded.Dispose();
        }

        base.Dispose(disposing);
    }

    private CodedBodyException Unsupported(string message, Exception? cause = null)
    {
        response.OnStarting(static state =>
        {
            ((HttpResponse)state).Headers.AcceptEncoding = BodyDecoder.Accepted;
            return Task.CompletedTask;
        }, response);
        return new CodedBodyException(message, StatusCodes.Status415UnsupportedMediaType, cause);
    }

    private string Shown() => new([.. coding.Where(c => c is >= ' ' and <= '~').Take(60)]);
}
