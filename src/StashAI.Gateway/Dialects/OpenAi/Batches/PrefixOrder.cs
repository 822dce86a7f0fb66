using System.Runtime.InteropServices;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// Brings lines with the same beginning of their prompts next to each other, so that a service that remembers beginnings computes each
/// once (docs/adr/0046). Lines of the beginning that is written go on at once; the others wait until they are too many, or the file is
/// over. So a file of one beginning is never held up, and no more than <paramref name="maxBytes"/> of lines are in memory.
/// </summary>
/// <param name="maxBytes">The most bytes of requests that wait.</param>
internal sealed class PrefixOrder(int maxBytes)
{
    /// <summary>The lines that wait, in the order in which their beginnings were first seen.</summary>
    private readonly Dictionary<ulong, int> groups = [];
    private readonly List<List<(CheckedLine Line, int Number)>> waiting = [];
    private readonly List<int> written = [];
    private ulong? current;
    private long bytes;
    private bool isMoved;

    /// <summary>True when so many lines wait that they must be written.</summary>
    public bool IsFull => bytes >= maxBytes;

    /// <summary>Adds the next line of the file.</summary>
    /// <param name="line">The line.</param>
    /// <param name="prefix">A print of the beginning of its prompt.</param>
    /// <param name="number">Its place in the file, from 0.</param>
    /// <returns>True for a line to write now; false for one that waits.</returns>
    public bool Add(CheckedLine line, ulong prefix, int number)
    {
        current ??= prefix;
        if (prefix == current)
        {
            Write(number);
            return true;
        }

        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, prefix, out var isKnown);
        if (!isKnown)
        {
            group = waiting.Count;
            waiting.Add([]);
        }

        waiting[group].Add((line, number));
        bytes += line.Body.Length;
        return false;
    }

    /// <summary>The lines that wait, to be written in this order. Lines of the last beginning go on behind them.</summary>
    public IEnumerable<CheckedLine> TakeAll()
    {
        foreach (var (prefix, group) in groups.OrderBy(one => one.Value))
        {
            current = prefix;
            foreach (var (line, number) in waiting[group])
            {
                Write(number);
                yield return line;
            }
        }

        groups.Clear();
        waiting.Clear();
        bytes = 0;
    }

    /// <summary>
    /// The place in the file of each line, in the order in which they were written, each as four bytes in little-endian order; empty where
    /// both orders are the same.
    /// </summary>
    public ReadOnlyMemory<byte> Places => isMoved ? LineOrder.Write(written) : default;

    private void Write(int number)
    {
        isMoved |= number != written.Count;
        written.Add(number);
    }
}
