using System.Buffers;

namespace StashAI.Storage.Jobs;

/// <summary>
/// How a result that was judged again differs from the recorded one. A judgement is a few hundred bytes in a result of some ten thousand,
/// most of which are pictures, so that only the edits are written, and readers put both together (docs/adr/0043).
/// </summary>
/// <remarks>
/// Edits are repeated until the end: three numbers, of seven bits a byte, say how many bytes stay, how many are left out after them, and
/// how many new ones take their place; the new ones follow. Behind the last edit everything stays.
/// </remarks>
internal static class ResultEdits
{
    /// <summary>Both results are taken to say the same again where so many bytes are equal.</summary>
    private const int Anchor = 32;

    /// <summary>Every so many bytes are looked for; what stays between two changes is usually longer than both together.</summary>
    private const int Step = 16;

    /// <summary>
    /// How far is looked. Judgements are short; where none of these finds an equal place, the rest of the result counts as one edit.
    /// </summary>
    private static readonly int[] Windows = [1024, 16 * 1024];

    /// <summary>The edits that make <paramref name="after"/> of <paramref name="before"/>; empty if they are equal.</summary>
    public static byte[] Between(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var edits = new ArrayBufferWriter<byte>();
        while (true)
        {
            var same = before.CommonPrefixLength(after);
            before = before[same..];
            after = after[same..];
            if (before.IsEmpty && after.IsEmpty) return edits.WrittenSpan.ToArray();
            var (left, added) = FindSame(before, after);
            Write(edits, same);
            Write(edits, left);
            Write(edits, added);
            edits.Write(after[..added]);
            before = before[left..];
            after = after[added..];
        }
    }

    /// <summary>The result with the edits.</summary>
    /// <param name="before">The result for which the edits were made.</param>
    /// <param name="edits">The edits.</param>
    public static byte[] Apply(byte[] before, ReadOnlySpan<byte> edits)
    {
        if (edits.IsEmpty) return before;
        var length = before.Length;
        for (var rest = edits; !rest.IsEmpty;)
        {
            Read(ref rest);
            length -= Read(ref rest);
            var added = Read(ref rest);
            length += added;
            rest = rest[added..];
        }

        var result = GC.AllocateUninitializedArray<byte>(length);
        var (from, to) = (0, 0);
        while (!edits.IsEmpty)
        {
            var same = Read(ref edits);
            var left = Read(ref edits);
            var added = Read(ref edits);
            before.AsSpan(from, same).CopyTo(result.AsSpan(to));
            edits[..added].CopyTo(result.AsSpan(to + same));
            edits = edits[added..];
            (from, to) = (from + same + left, to + same + added);
        }

        before.AsSpan(from).CopyTo(result.AsSpan(to));
        return result;
    }

    /// <summary>The nearest places where two texts that begin differently say the same again; their ends if there are none.</summary>
    private static (int Before, int After) FindSame(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        foreach (var window in Windows)
        {
            var inAfter = after[..Math.Min(after.Length, window)];
            var last = Math.Min(before.Length, window) - Anchor;
            for (var at = 0; at <= last; at += Step)
            {
                var found = inAfter.IndexOf(before.Slice(at, Anchor));
                if (found < 0) continue;
                var from = at;
                while (from > 0 && found > 0 && before[from - 1] == after[found - 1]) (from, found) = (from - 1, found - 1);
                return (from, found);
            }
        }

        // The ends are often equal, and shorter than an anchor.
        var same = 0;
        while (same < Math.Min(before.Length, after.Length) && before[^(same + 1)] == after[^(same + 1)]) same++;
        return (before.Length - same, after.Length - same);
    }

    private static void Write(ArrayBufferWriter<byte> edits, int number)
    {
        var bytes = edits.GetSpan(5);
        var length = 0;
        for (; number > 0x7F; number >>= 7) bytes[length++] = (byte)(number | 0x80);
        bytes[length++] = (byte)number;
        edits.Advance(length);
    }

    private static int Read(ref ReadOnlySpan<byte> edits)
    {
        var (number, at) = (0, 0);
        for (var shift = 0; ; shift += 7)
        {
            var part = edits[at++];
            number |= (part & 0x7F) << shift;
            if (part <= 0x7F) break;
        }

        edits = edits[at..];
        return number;
    }
}
