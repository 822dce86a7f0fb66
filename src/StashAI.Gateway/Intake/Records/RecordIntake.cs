using System.IO.Pipelines;
using System.Security.Cryptography;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake.Records;

/// <summary>Reads bodies of items of any size with little memory: one JSON document, or a document a line (NDJSON).</summary>
internal static class RecordIntake
{
    /// <summary>Reads one document; see <see cref="RecordSession"/>. The caller disposes what is left of it.</summary>
    /// <exception cref="IntakeException">The body is refused: 400, 413 or 422.</exception>
    /// <exception cref="OperationCanceledException">The token or the pipe's reader was cancelled.</exception>
    public static async Task<RecordEnvelope> ReadJsonAsync(
        PipeReader body, IReadOnlyList<string> fileFields, IRecordSink sink, IntakeLimits limits, CancellationToken cancellationToken,
        IncrementalHash? digest = null)
    {
        using var decoder = new PayloadDecoder(limits.MaxItemBytes);
        using var session = new RecordSession(fileFields, sink, new RecordCount(), limits, decoder, isLine: false);
        await ReadAsync(body, limits, digest, (segment, token) => FeedAsync(session, segment, token), cancellationToken);
        return await session.CompleteAsync(cancellationToken);
    }

    /// <summary>Reads one document a line; empty lines do not count. Throws like <see cref="ReadJsonAsync"/>.</summary>
    public static async Task ReadLinesAsync(
        PipeReader body, IReadOnlyList<string> fileFields, IRecordSink sink, IntakeLimits limits, CancellationToken cancellationToken,
        IncrementalHash? digest = null)
    {
        using var decoder = new PayloadDecoder(limits.MaxItemBytes);
        var count = new RecordCount();
        RecordSession? line = null;
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
                    line ??= new RecordSession(fileFields, sink, count, limits, decoder, isLine: true);
                    await FeedAsync(line, part, token);
                }

                if (end < 0) return;
                await EndLineAsync(token);
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
        PipeReader body, IntakeLimits limits, IncrementalHash? digest, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> feed, CancellationToken cancellationToken)
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
                if (read > limits.MaxBodyBytes) throw IntakeException.TooLarge("the body has too many bytes", IntakeLimits.MaxBodyBytesSetting, limits.MaxBodyBytes);
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

    private static async ValueTask FeedAsync(RecordSession session, ReadOnlyMemory<byte> segment, CancellationToken cancellationToken)
    {
        while (!segment.IsEmpty)
        {
            segment = segment[session.Feed(segment.Span)..];
            if (session.NeedsFlush) await session.FlushAsync(cancellationToken);
        }
    }
}
