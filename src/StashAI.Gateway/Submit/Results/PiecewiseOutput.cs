using System.Buffers;
using System.IO.Pipelines;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// Writes results in pieces that wait for the client, so that what a client does not read is not kept for it a second time.
/// </summary>
internal static class PiecewiseOutput
{
    /// <summary>The bytes of a piece.</summary>
    public const int PieceBytes = 64 * 1024;

    /// <summary>Writes bytes; false when the client reads no more.</summary>
    public static async ValueTask<bool> WritePiecesAsync(
        this PipeWriter output, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var from = 0; from < bytes.Length; from += PieceBytes)
        {
            output.Write(bytes.Span[from..Math.Min(from + PieceBytes, bytes.Length)]);
            if ((await output.FlushAsync(cancellationToken)).IsCompleted) return false;
        }

        return true;
    }

    /// <summary>Sends what was written if that is a piece; false when the client reads no more.</summary>
    public static async ValueTask<bool> SendPieceAsync(this PipeWriter output, CancellationToken cancellationToken) =>
        !output.CanGetUnflushedBytes || output.UnflushedBytes < PieceBytes || !(await output.FlushAsync(cancellationToken)).IsCompleted;
}
