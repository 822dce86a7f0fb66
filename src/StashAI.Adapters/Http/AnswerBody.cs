using StashAI.Sdk;
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
    /// <param name="memory">What a large body is asked for from, before it is held; null for nothing.</param>
    /// <exception cref="AnswerException">The body cannot be decompressed.</exception>
    public static async Task<byte[]> ReadAsync(
        HttpContent content, int limit, CancellationToken cancellationToken,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? onRead = null, Func<bool>? isWhole = null, ICallMemory? memory = null)
    {
        var body = await content.ReadAsStreamAsync(cancellationToken);
        if (CodingsOf(content) is { Count: > 0 } codings)
            return await DecodeAsync(body, codings, limit, cancellationToken, onRead, isWhole, memory);
        await using (body)
            return await ReadAsync(body, limit, content.Headers.ContentLength ?? FirstBuffer, onRead, isWhole, memory, cancellationToken);
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
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? onRead = null, Func<bool>? isWhole = null, ICallMemory? memory = null)
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
            return await ReadAsync(stream, limit, FirstBuffer, onRead, isWhole, memory, cancellationToken);
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
        ICallMemory? memory, CancellationToken cancellationToken)
    {
        // What is passed on while it arrives is held once more until it has passed.
        using var buffer = new AnswerBuffer(limit, size, memory, onRead is null ? 1 : 2);
        try
        {
            while (buffer.Length < limit)
            {
                if (buffer.IsFull) await buffer.GrowAsync(cancellationToken);
                var read = await stream.ReadAsync(buffer.Free, cancellationToken);
                if (read == 0) break;
                var piece = buffer.Free[..read];
                buffer.Advance(read);
                if (onRead is not null) await onRead(piece, cancellationToken);
            }

            return buffer.ToArray();
        }
        catch (Exception exception) when (isWhole?.Invoke() is true && exception is OperationCanceledException or IOException)
        {
            return buffer.ToArray();
        }
    }
}
