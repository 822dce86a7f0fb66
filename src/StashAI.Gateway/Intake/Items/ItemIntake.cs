using System.IO.Pipelines;
using System.Security.Cryptography;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake.Items;

/// <summary>
/// Reads bodies of any size with little memory: items go to a sink while they arrive, with files decoded and in pieces, and the rest
/// becomes a small document. A read needs the envelope, one item without its files (4 KB at first), the pipe's buffers, and for files a
/// buffer of 128 KB.
/// </summary>
internal static class ItemIntake
{
    /// <summary>Reads one JSON document.</summary>
    /// <param name="body">The body; after an error, the rest of it stays unread.</param>
    /// <param name="shape">Where the items and their files are.</param>
    /// <param name="sink">Receives the items.</param>
    /// <param name="limits">The limits of the body.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <param name="digest">Hashes the body as sent; null if no hash is needed.</param>
    /// <returns>The envelope; the caller disposes it.</returns>
    /// <exception cref="IntakeException">The body is refused: 400, 413 or 422.</exception>
    /// <exception cref="OperationCanceledException">The token or the pipe's reader was cancelled.</exception>
    /// <exception cref="IOException">The client went away.</exception>
    public static async Task<BodyEnvelope> ReadJsonAsync(
        PipeReader body, BodyShape shape, IItemSink sink, IntakeLimits limits, CancellationToken cancellationToken,
        IncrementalHash? digest = null)
    {
        using var decoder = new PayloadDecoder(limits.MaxItemBytes);
        using var session = new ItemReader(shape, sink, new ItemCount(), limits, decoder);
        using var place = new ItemPlace(limits.Memory);
        await ReadAsync(body, limits, digest, (segment, token) => FeedAsync(session, place, segment, token), cancellationToken);
        return await session.CompleteAsync(cancellationToken);
    }

    /// <summary>Reads one document per line; empty lines are ignored. Throws like <see cref="ReadJsonAsync"/>.</summary>
    /// <param name="body">The body.</param>
    /// <param name="files">Where an item holds files, see <see cref="BodyShape.Files"/>.</param>
    /// <param name="sink">Receives the items.</param>
    /// <param name="limits">The limits of the body.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <param name="digest">Hashes the body as sent; null if no hash is needed.</param>
    public static async Task ReadLinesAsync(
        PipeReader body, IReadOnlyList<string> files, IItemSink sink, IntakeLimits limits, CancellationToken cancellationToken,
        IncrementalHash? digest = null)
    {
        using var decoder = new PayloadDecoder(limits.MaxItemBytes);
        var count = new ItemCount();
        var shape = new BodyShape { IsItem = true, Files = files };
        using var place = new ItemPlace(limits.Memory);
        ItemReader? line = null;
        var (number, read) = (1L, 0L);
        try
        {
            await ReadAsync(body, limits, digest, FeedLinesAsync, cancellationToken);
            await EndLineAsync(cancellationToken);
        }
        finally
        {
            line?.Dispose();
        }

        async ValueTask FeedLinesAsync(ReadOnlyMemory<byte> segment, CancellationToken token)
        {
            while (!segment.IsEmpty)
            {
                // A line break inside a JSON string is escaped, so this one ends the document.
                var end = segment.Span.IndexOf((byte)'\n');
                var part = end < 0 ? segment : segment[..end];
                if (line is not null || part.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
                {
                    line ??= new ItemReader(shape, sink, count, limits, decoder, new JsonScanner(number, read));
                    await FeedAsync(line, place, part, token);
                }

                read += part.Length;
                if (end < 0) return;
                await EndLineAsync(token);
                (number, read) = (number + 1, read + 1);
                segment = segment[(end + 1)..];
            }
        }

        async ValueTask EndLineAsync(CancellationToken token)
        {
            if (line is null) return;
            using (await line.CompleteAsync(token)) line.Dispose();
            line = null;
        }
    }

    private static async Task ReadAsync(
        PipeReader body, IntakeLimits limits, IncrementalHash? digest, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> feed,
        CancellationToken cancellationToken)
    {
        long read = 0;
        while (true)
        {
            var part = await body.ReadAsync(cancellationToken);
            var buffer = part.Buffer;
            try
            {
                if (part.IsCanceled) throw new OperationCanceledException("The reader of the body was cancelled.");
                read += buffer.Length;
                if (read > limits.MaxBodyBytes)
                {
                    throw IntakeException.TooLarge("the body has too many bytes", IntakeLimits.MaxBodyBytesSetting, limits.MaxBodyBytes);
                }

                foreach (var segment in buffer)
                {
                    digest?.AppendData(segment.Span);
                    await feed(segment, cancellationToken);
                }
            }
            finally
            {
                body.AdvanceTo(buffer.End);
            }

            if (part.IsCompleted) return;
        }
    }

    private static async ValueTask FeedAsync(
        ItemReader session, ItemPlace place, ReadOnlyMemory<byte> segment, CancellationToken cancellationToken)
    {
        while (!segment.IsEmpty)
        {
            segment = segment[session.Feed(segment.Span)..];
            if (session.NeedsFlush) await session.FlushAsync(cancellationToken);
            await place.FitAsync(session.ItemBytes, cancellationToken);
        }
    }
}
