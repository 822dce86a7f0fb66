using System.Buffers.Binary;
using System.Collections;

namespace StashAI.SqliteFiles;

/// <summary>The pages that a database does not use: those that list others, and those that are listed.</summary>
internal sealed class FreePages
{
    private readonly PageLayout layout;
    private readonly BitArray free;
    private readonly Dictionary<uint, int> trunks = [];

    private FreePages(PageLayout layout)
    {
        this.layout = layout;
        free = new BitArray(checked((int)layout.Pages) + 1);
    }

    /// <exception cref="InvalidDataException">The list is damaged.</exception>
    public static FreePages Read(OpenFile file, PageLayout layout)
    {
        var pages = new FreePages(layout);
        var data = new byte[layout.Usable];
        for (var trunk = layout.FirstTrunk; trunk != 0; trunk = BinaryPrimitives.ReadUInt32BigEndian(data))
        {
            pages.Add(trunk);
            file.Read(data, layout.OffsetOf(trunk));
            var count = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(4));
            if (count > (layout.Usable / 4) - 2) throw Damaged(trunk);
            var used = 8 + (4 * (int)count);
            pages.trunks.Add(trunk, used);
            for (var at = 8; at < used; at += 4) pages.Add(BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at)));
        }

        return pages;
    }

    public bool Contains(uint page) => free[(int)page];

    /// <summary>How many bytes of a free page, from the first on, have a meaning.</summary>
    public int UsedOf(uint page) => trunks.GetValueOrDefault(page);

    private void Add(uint page)
    {
        if (!layout.IsOrdinary(page) || free[(int)page]) throw Damaged(page);
        free[(int)page] = true;
    }

    private static InvalidDataException Damaged(uint page) =>
        new($"The database's list of free pages is damaged at page {page}. Check the file with PRAGMA integrity_check.");
}
