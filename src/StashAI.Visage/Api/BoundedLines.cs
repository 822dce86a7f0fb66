using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using StashAI.Visage.Hosting;

namespace StashAI.Visage.Api;

/// <summary>Splits an untrusted stream into lines without ever keeping a line longer than a limit in memory.</summary>
internal static class BoundedLines
{
    /// <returns>The lines in UTF-8, without line breaks.</returns>
    /// <exception cref="RequestRefusedException">A line is longer than <paramref name="limit"/> bytes.</exception>
    public static async IAsyncEnumerable<byte[]> ReadAsync(
        PipeReader reader, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
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

            // Advance before lines are returned: the caller may stop reading after any of them.
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
