using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using StashAI.Visage.Hosting;

namespace StashAI.Visage.Api;

/// <summary>Lines of a text from a stranger: none longer than a limit is ever in memory.</summary>
internal static class BoundedLines
{
    /// <returns>The lines in UTF-8, without their ends.</returns>
    public static async IAsyncEnumerable<byte[]> ReadAsync(PipeReader reader, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new List<byte[]>();
        for (var isCompleted = false; !isCompleted;)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                lines.Add(rest.Slice(0, end).ToArray());
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            isCompleted = result.IsCompleted;
            if (isCompleted && !rest.IsEmpty)
                lines.Add(rest.ToArray());

            // Given back before a line is handed out: whoever takes it may stop there.
            var isTooLong = rest.Length > limit;
            reader.AdvanceTo(rest.Start, rest.End);
            foreach (var line in lines)
                yield return line;
            lines.Clear();
            if (isTooLong)
                throw new RequestRefusedException(StatusCodes.Status413PayloadTooLarge, $"A line is longer than {limit:N0} bytes.");
        }
    }
}
