using System.IO.Pipelines;
using System.Security.Cryptography;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake;

/// <summary>
/// Reads a JSON body of any size with little memory: payloads are decoded and streamed to a sink while they arrive, the rest becomes a
/// small document. One read takes a buffer of 128 KB, the envelope (4 KB at first), and what the pipe holds.
/// </summary>
internal static class JsonIntake
{
    /// <summary>Reads the whole body.</summary>
    /// <param name="body">The body; it is left unread behind the point of an error.</param>
    /// <param name="shape">Where the payloads are.</param>
    /// <param name="sink">Takes the payloads.</param>
    /// <param name="limits">What is too much.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <param name="digest">Takes the body as it was sent; null when nobody asks for its hash.</param>
    /// <returns>The envelope and the counts; the caller disposes it.</returns>
    /// <exception cref="IntakeException">The body is refused: 400, 413 or 422.</exception>
    /// <exception cref="OperationCanceledException">The token or the pipe's reader was cancelled.</exception>
    /// <exception cref="IOException">The client went away.</exception>
    public static async Task<IntakeResult> ReadAsync(
        PipeReader body, IntakeShape shape, IIntakeSink sink, IntakeLimits limits, CancellationToken cancellationToken, IncrementalHash? digest = null)
    {
        using var session = new IntakeSession(shape, sink, limits);
        long read = 0;
        while (true)
        {
            var part = await body.ReadAsync(cancellationToken);
            var buffer = part.Buffer;
            try
            {
                if (part.IsCanceled)
                {
                    throw new OperationCanceledException("The reader of the body was cancelled.");
                }

                read += buffer.Length;
                if (read > limits.MaxBodyBytes)
                {
                    throw IntakeException.TooLarge("the body has too many bytes", IntakeLimits.MaxBodyBytesSetting, limits.MaxBodyBytes);
                }

                foreach (var segment in buffer)
                {
                    digest?.AppendData(segment.Span);
                    await ReadSegmentAsync(session, segment, cancellationToken);
                }
            }
            finally
            {
                body.AdvanceTo(buffer.End);
            }

            if (part.IsCompleted)
            {
                return session.Complete(read);
            }
        }
    }

    private static async ValueTask ReadSegmentAsync(
        IntakeSession session, ReadOnlyMemory<byte> segment, CancellationToken cancellationToken)
    {
        while (!segment.IsEmpty)
        {
            segment = segment[session.Feed(segment.Span)..];
            if (session.NeedsFlush)
            {
                await session.FlushAsync(cancellationToken);
            }
        }
    }
}
