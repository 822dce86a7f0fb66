using System.Buffers;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// Splits bytes that arrive in pieces into lines, without their ends. A line longer than the limit is passed over, and null stands for it.
/// </summary>
/// <param name="maxLength">The most bytes of a line.</param>
internal sealed class LineReader(int maxLength)
{
    private readonly ArrayBufferWriter<byte> begun = new();
    private bool isTooLong;

    private static ReadOnlyMemory<byte>? TooLong => null;

    /// <summary>True while the bytes so far end within a line.</summary>
    private bool HasBegun => isTooLong || begun.WrittenCount > 0;

    /// <summary>The lines that are complete. Each is valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>?> Read(ReadOnlyMemory<byte> piece)
    {
        while (piece.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var rest = piece[..end];
            piece = piece[(end + 1)..];
            if (!HasBegun)
            {
                // A bare null would be an empty memory.
                yield return rest.Length > maxLength ? TooLong : rest;
                continue;
            }

            Append(rest);
            yield return isTooLong ? TooLong : begun.WrittenMemory;
            begun.ResetWrittenCount();
            isTooLong = false;
        }

        Append(piece);
    }

    /// <summary>The last line if it has no end; else nothing.</summary>
    public IEnumerable<ReadOnlyMemory<byte>?> End()
    {
        if (HasBegun) yield return isTooLong ? TooLong : begun.WrittenMemory;
    }

    private void Append(ReadOnlyMemory<byte> bytes)
    {
        isTooLong |= begun.WrittenCount + bytes.Length > maxLength;
        if (!isTooLong) begun.Write(bytes.Span);
        else begun.ResetWrittenCount();
    }
}
