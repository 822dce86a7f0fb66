using System.Buffers.Binary;

namespace StashAI.SqliteFiles;

/// <summary>Reads a page of a tree: its unused bytes, and the chains of pages where its large cells go on.</summary>
internal static class TreePage
{
    private const byte InnerOfIndex = 2;
    private const byte InnerOfTable = 5;
    private const byte LeafOfIndex = 10;
    private const byte LeafOfTable = 13;

    /// <summary>True when the first byte of a page is that of a page of a tree.</summary>
    public static bool Begins(byte first) => first is InnerOfIndex or InnerOfTable or LeafOfIndex or LeafOfTable;

    /// <summary>Finds bytes that nobody reads; false, and none, when the page is no sound page of a tree.</summary>
    /// <param name="page">The usable bytes of the page.</param>
    /// <param name="unused">Receives the ranges: the first byte, and the one behind the last.</param>
    public static bool TryFindUnused(ReadOnlySpan<byte> page, List<(int From, int To)> unused)
    {
        var (cells, content) = (EndOfPointers(page), BeginOfContent(page));
        if (cells > content || content > page.Length) return false;
        unused.Add((cells, content));
        var least = content;
        for (int block = BinaryPrimitives.ReadUInt16BigEndian(page[1..]); block != 0;)
        {
            var size = block >= least && block + 4 <= page.Length ? BinaryPrimitives.ReadUInt16BigEndian(page[(block + 2)..]) : 0;
            if (size < 4 || block + size > page.Length)
            {
                unused.Clear();
                return false;
            }

            // The first bytes of a free block say where the next one is, and how long this one is.
            unused.Add((block + 4, block + size));
            least = block + size;
            block = BinaryPrimitives.ReadUInt16BigEndian(page[block..]);
        }

        return true;
    }

    /// <summary>Finds where cells go on that are too large for a page.</summary>
    /// <param name="page">The usable bytes of a sound page.</param>
    /// <param name="chains">Receives the chains.</param>
    public static void FindChains(ReadOnlySpan<byte> page, List<PageChain> chains)
    {
        if (page[0] == InnerOfTable) return;
        var content = BeginOfContent(page);
        for (var pointer = HeaderOf(page); pointer < EndOfPointers(page); pointer += 2)
        {
            int at = BinaryPrimitives.ReadUInt16BigEndian(page[pointer..]);
            if (at >= content && at < page.Length && TryReadCell(page, at, out var chain)) chains.Add(chain);
        }
    }

    private static bool TryReadCell(ReadOnlySpan<byte> page, int at, out PageChain chain)
    {
        chain = default;
        if (page[0] == InnerOfIndex) at += 4;
        if (!TryReadNumber(page, ref at, out var payload)) return false;
        if (page[0] == LeafOfTable && !TryReadNumber(page, ref at, out _)) return false;
        var most = page[0] == LeafOfTable ? page.Length - 35 : ((page.Length - 12) * 64 / 255) - 23;
        if (payload <= (uint)most || payload > int.MaxValue) return false;
        var least = ((page.Length - 12) * 32 / 255) - 23;
        var bytesOfPage = page.Length - 4;
        var local = least + (((int)payload - least) % bytesOfPage);
        if (local > most) local = least;
        if (at + local + 4 > page.Length) return false;
        var rest = (int)payload - local;
        var pages = (int)(((long)rest + bytesOfPage - 1) / bytesOfPage);
        var first = BinaryPrimitives.ReadUInt32BigEndian(page[(at + local)..]);
        chain = new PageChain(first, pages, 4 + rest - ((pages - 1) * bytesOfPage));
        return true;
    }

    /// <summary>Reads a number of up to nine bytes: seven bits of each, and eight of the ninth.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> page, ref int at, out ulong number)
    {
        number = 0;
        for (var count = 1; at < page.Length; count++)
        {
            var next = page[at++];
            number = count == 9 ? (number << 8) | next : (number << 7) | (uint)(next & 0x7f);
            if (count == 9 || next < 0x80) return true;
        }

        return false;
    }

    private static int HeaderOf(ReadOnlySpan<byte> page) => page[0] is InnerOfIndex or InnerOfTable ? 12 : 8;

    private static int EndOfPointers(ReadOnlySpan<byte> page) => HeaderOf(page) + (2 * BinaryPrimitives.ReadUInt16BigEndian(page[3..]));

    private static int BeginOfContent(ReadOnlySpan<byte> page) =>
        BinaryPrimitives.ReadUInt16BigEndian(page[5..]) is var begin && begin == 0 ? 65536 : begin;
}

/// <summary>The pages where a large cell goes on; each begins with the number of the next one.</summary>
/// <param name="First">The first page.</param>
/// <param name="Pages">How many they are.</param>
/// <param name="UsedOfLast">How many bytes of the last one, from the first on, are used.</param>
internal readonly record struct PageChain(uint First, int Pages, int UsedOfLast);
