using System.Buffers;
using StashAI.Streams.Codings;

namespace StashAI.Adapters.Http;

/// <summary>
/// Reads the body of an answer or of a downloaded file, decompressed. The limit holds for the decompressed bytes, and reading stops there,
/// so that a small body that expands to gigabytes costs no more than the limit.
/// </summary>
public static class AnswerBody
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>Reads at most <paramref name="limit"/> bytes.</summary>
    /// <param name="content">The body.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="onRead">Gets the bytes while they arrive; null for nobody.</param>
    /// <param name="isWhole">
    /// Tells whether the bytes so far are a whole answer, although the body goes on; then it may break off or be cancelled. Null where only
    /// its end tells that.
    /// </param>
    /// <exception cref="AnswerException">The body cannot be decompressed.</exception>
    public static async Task<byte[]> ReadAsync(
        HttpContent content, int limit, CancellationToken cancellationToken,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? onRead = null, Func<bool>? isWhole = null)
    {
        var body = await content.ReadAsStreamAsync(cancellationToken);
        if (CodingsOf(content) is { Count: > 0 } codings)
            return await DecodeAsync(body, codings, limit, cancellationToken, onRead, isWhole);
        await using (body)
            return await ReadAsync(body, limit, content.Headers.ContentLength ?? FirstBuffer, onRead, isWhole, cancellationToken);
    }

    /// <summary>Decompresses a body that was already read, up to <paramref name="limit"/> bytes.</summary>
    /// <exception cref="AnswerException">The body cannot be decompressed.</exception>
    public static async Task<byte[]> DecodeAsync(byte[] body, HttpContent content, int limit, CancellationToken cancellationToken)
    {
        var codings = CodingsOf(content);
        return codings.Count == 0 ? body : await DecodeAsync(new MemoryStream(body), codings, limit, cancellationToken);
    }

    private static async Task<byte[]> DecodeAsync(
        Stream body, IReadOnlyList<string> codings, int limit, CancellationToken cancellationToken,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? onRead = null, Func<bool>? isWhole = null)
    {
        await using var coded = body;
        // Servers name a coding in answers without a body too.
        var first = new byte[1];
        if (await coded.ReadAsync(first, cancellationToken) == 0) return [];
        Stream stream = new PrefixedStream(first, coded);
        try
        {
            // They were applied in this order, so the last one is removed first.
            for (var i = codings.Count - 1; i >= 0; i--) stream = DecodingStream.Open(codings[i], stream) ?? throw Unknown(codings[i]);
            return await ReadAsync(stream, limit, FirstBuffer, onRead, isWhole, cancellationToken);
        }
        catch (CodingException exception)
        {
            throw new AnswerException($"has Content-Encoding: {string.Join(", ", codings)}, but it {exception.Message}", exception)
            {
                MayPass = exception.IsCutOff,
            };
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    private static AnswerException Unknown(string coding) =>
        new($"has Content-Encoding: {coding}, which is not supported: {DecodingStream.Accepted} are");

    private static IReadOnlyList<string> CodingsOf(HttpContent content) => !content.Headers.NonValidated.Contains("Content-Encoding") ? [] :
    [
        .. content.Headers.ContentEncoding.SelectMany(
            value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(coding => coding.ToLowerInvariant()).Where(coding => coding != "identity"),
    ];

    private static async Task<byte[]> ReadAsync(
        Stream stream, int limit, long size, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? onRead, Func<bool>? isWhole,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(limit, size) + 1);
        var used = 0;
        try
        {
            int read;
            while (used < limit
                && (read = await stream.ReadAsync(buffer.AsMemory(used, Math.Min(buffer.Length, limit) - used), cancellationToken)) > 0)
            {
                used += read;
                if (onRead is not null) await onRead(buffer.AsMemory(used - read, read), cancellationToken);
                if (used < buffer.Length || used >= limit) continue;
                var larger = ArrayPool<byte>.Shared.Rent(Math.Min(limit, buffer.Length * 2) + 1);
                buffer.AsSpan(0, used).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            return buffer.AsSpan(0, used).ToArray();
        }
        catch (Exception exception) when (isWhole?.Invoke() is true && exception is OperationCanceledException or IOException)
        {
            return buffer.AsSpan(0, used).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
