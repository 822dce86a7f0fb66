using System.Buffers;
using System.IO.Compression;

namespace StashAI.Adapters.Http;

/// <summary>
/// Reads the body of an answer or of a downloaded file, decompressed. The limit holds for the decompressed bytes, and reading stops there, so that a small
/// body that expands to gigabytes costs no more than the limit.
/// </summary>
public static class AnswerBody
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>Reads at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="AnswerException">The body cannot be decompressed.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        var body = await content.ReadAsStreamAsync(cancellationToken);
        if (CodingsOf(content) is { Count: > 0 } codings) return await DecodeAsync(body, codings, limit, cancellationToken);
        await using (body) return await ReadAsync(body, limit, content.Headers.ContentLength ?? FirstBuffer, cancellationToken);
    }

    /// <summary>Decompresses a body that was already read, up to <paramref name="limit"/> bytes.</summary>
    /// <exception cref="AnswerException">The body cannot be decompressed.</exception>
    public static async Task<byte[]> DecodeAsync(byte[] body, HttpContent content, int limit, CancellationToken cancellationToken)
    {
        var codings = CodingsOf(content);
        return codings.Count == 0 ? body : await DecodeAsync(new MemoryStream(body), codings, limit, cancellationToken);
    }

    private static async Task<byte[]> DecodeAsync(Stream body, IReadOnlyList<string> codings, int limit, CancellationToken cancellationToken)
    {
        await using var coded = body;
        var stream = coded;
        try
        {
            // They were applied in this order, so the last one is removed first.
            for (var i = codings.Count - 1; i >= 0; i--) stream = await OpenAsync(stream, codings[i], cancellationToken);
            return await ReadAsync(stream, limit, FirstBuffer, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException and not ObjectDisposedException)
        {
            throw new AnswerException($"has Content-Encoding: {string.Join(", ", codings)}, but it is not valid {codings[^1]} data", exception);
        }
        finally
        {
            if (stream != coded) await stream.DisposeAsync();
        }
    }

    private static IReadOnlyList<string> CodingsOf(HttpContent content) => !content.Headers.NonValidated.Contains("Content-Encoding") ? [] :
    [
        .. content.Headers.ContentEncoding.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(coding => coding.ToLowerInvariant()).Where(coding => coding != "identity"),
    ];

    private static async Task<Stream> OpenAsync(Stream body, string coding, CancellationToken cancellationToken) => coding switch
    {
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        "deflate" => await OpenDeflateAsync(body, cancellationToken),
        _ => throw new AnswerException($"has Content-Encoding: {coding}, which is not supported: gzip, deflate and br are"),
    };

    /// <summary>The coding <c>deflate</c> is zlib data by the standard, but some servers send it without the zlib header.</summary>
    private static async Task<Stream> OpenDeflateAsync(Stream body, CancellationToken cancellationToken)
    {
        var head = new byte[2];
        var length = await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var whole = new PrefixedStream(head.AsMemory(0, length), body);
        var isZlib = length == 2 && (head[0] & 0x0F) == 8 && ((head[0] << 8) | head[1]) % 31 == 0;
        return isZlib ? new ZLibStream(whole, CompressionMode.Decompress) : new DeflateStream(whole, CompressionMode.Decompress);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int limit, long size, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(limit, size) + 1);
        var used = 0;
        try
        {
            int read;
            while (used < limit && (read = await stream.ReadAsync(buffer.AsMemory(used, Math.Min(buffer.Length, limit) - used), cancellationToken)) > 0)
            {
                used += read;
                if (used < buffer.Length || used >= limit) continue;
                var larger = ArrayPool<byte>.Shared.Rent(Math.Min(limit, buffer.Length * 2) + 1);
                buffer.AsSpan(0, used).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            return buffer.AsSpan(0, used).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
