using System.IO.Compression;

namespace StashAI.Streams.Codings;

/// <summary>
/// Decodes what a Content-Encoding names (RFC 9110, 8.4.1), and makes sure that all of it came and that nothing follows: the framework's
/// streams take data that was cut off for shorter data, and ignore what stands behind it.
/// </summary>
/// <remarks>
/// zstd is not among them: no decoder comes with the framework before .NET 11, and the one on NuGet is a translation of C that works with
/// pointers, too much risk for bytes of strangers while every client that knows zstd knows gzip.
/// </remarks>
public abstract class DecodingStream : ReadOnlyStream
{
    /// <summary>The codings as an Accept-Encoding states them.</summary>
    public const string Accepted = "gzip, deflate, br";

    private readonly Stream coded;

    private protected DecodingStream(Stream coded) => this.coded = coded;

    /// <summary>How many coded bytes were read so far.</summary>
    public long CodedCount { get; private set; }

    /// <summary>The decoded data, whose reads throw <see cref="CodingException"/>; null for an unknown coding.</summary>
    /// <param name="coding">The name of the coding, in lower case.</param>
    /// <param name="coded">The coded data; it is closed with the result.</param>
    public static DecodingStream? Open(string coding, Stream coded) => coding switch
    {
        "gzip" or "x-gzip" => new GzipBodyStream(coded),
        "deflate" => new DeflateBodyStream(coded),
        "br" => new BrotliBodyStream(coded),
        _ => null,
    };

    /// <summary>Reads coded bytes; 0 at their end.</summary>
    internal async ValueTask<int> ReadCodedAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await coded.ReadAsync(buffer, cancellationToken);
        CodedCount += read;
        return read;
    }

    /// <summary>Reads from the framework's decoder.</summary>
    private protected static async ValueTask<int> InflateAsync(
        DeflateStream data, string coding, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await data.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw CodingException.Damaged(coding, exception);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) coded.Dispose();
        base.Dispose(disposing);
    }
}
