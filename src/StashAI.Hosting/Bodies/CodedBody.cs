using System.IO.Pipelines;
using StashAI.Streams;
using StashAI.Streams.Codings;

namespace StashAI.Hosting.Bodies;

/// <summary>
/// A compressed body (RFC 9110, Content-Encoding) as it was before: whoever reads it counts the bytes that come out. One that grows without
/// measure ends early, and one that is not what its header says, or cut off, is refused.
/// </summary>
internal sealed class CodedBody : ReadOnlyStream
{
    /// <summary>So much may come out of anything.</summary>
    private const long FreeBytes = 64L << 20;

    /// <summary>
    /// JSON with photos shrinks to three quarters, monotonous text to a twentieth; only bombs shrink to less than a two-hundredth.
    /// </summary>
    private const long MaxGrowth = 200;

    private readonly Stream coded;
    private readonly DecodingStream? decoder;
    private readonly string coding;
    private readonly HttpResponse response;
    private long bytes;

    private CodedBody(Stream coded, string coding, HttpResponse response) =>
        (this.coded, decoder, this.coding, this.response) = (coded, DecodingStream.Open(coding, coded), coding, response);

    /// <summary>The decoded body; null when it is not coded. One in an unknown coding, or in several, is refused when it is read.</summary>
    public static CodedBody? Open(HttpContext context, PipeReader body)
    {
        if (context.Request.Headers.ContentEncoding.Count == 0) return null;
        var coding = string.Join(
            ", ",
            context.Request.Headers.ContentEncoding.SelectMany(
                line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(one => one.ToLowerInvariant())
                .Where(one => one != "identity"));
        if (coding.Length == 0) return null;
        context.Request.Headers.Remove("Content-Encoding");
        return new CodedBody(body.AsStream(leaveOpen: true), coding, context.Response);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (decoder is null)
        {
            throw Unsupported(
                $"The body's Content-Encoding {Shown()} cannot be read here; "
                + $"send it as {DecodingStream.Accepted}, or as it is without the header.");
        }

        int read;
        try
        {
            read = await decoder.ReadAsync(buffer, cancellationToken);
        }
        catch (CodingException exception)
        {
            throw Unsupported(
                $"The body's Content-Encoding is {coding}, but it {exception.Message}; send it again, or as it is without the header.",
                exception);
        }

        bytes += read;
        if (bytes > FreeBytes && bytes / MaxGrowth > decoder.CodedCount)
        {
            throw new CodedBodyException(
                $"The body grows to more than {MaxGrowth} times its size; send it as it is.", StatusCodes.Status413PayloadTooLarge);
        }

        return read;
    }

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
            ((HttpResponse)state).Headers.AcceptEncoding = DecodingStream.Accepted;
            return Task.CompletedTask;
        }, response);
        return new CodedBodyException(message, StatusCodes.Status415UnsupportedMediaType, cause);
    }

    private string Shown() => new([.. coding.Where(c => c is >= ' ' and <= '~').Take(60)]);
}
