using System.Buffers.Binary;

namespace StashAI.SqliteFiles;

/// <summary>
/// Overwrites with zeros what no reader of a database reads: free pages, the gap and the free blocks of pages of trees, and what is behind
/// the end of large cells. Nobody may change the file meanwhile, except for these bytes. Only these bytes are written, so a write that is
/// cut short leaves the database as it was.
/// </summary>
internal sealed class PageCleaner
{
    /// <summary>
    /// From here on, the first byte of a page of a chain, which is that of a page number, can look like the first byte of a page of a tree.
    /// </summary>
    private const uint TooManyPages = 1 << 25;

    private const int PagesOfBlock = 256;

    private readonly OpenFile file;
    private readonly PageLayout layout;
    private readonly FreePages free;
    private readonly byte[] zeros;
    private readonly byte[] block;
    private readonly byte[] last;
    private readonly List<(int From, int To)> unused = [];
    private readonly List<PageChain> chains = [];

    /// <exception cref="InvalidDataException">The list of free pages is damaged.</exception>
    public PageCleaner(OpenFile file, PageLayout layout)
    {
        (this.file, this.layout) = (file, layout);
        free = FreePages.Read(file, layout);
        zeros = new byte[layout.PageSize];
        last = new byte[layout.PageSize];
        block = new byte[PagesOfBlock * layout.PageSize];
    }

    /// <summary>False when pages of trees cannot be told from others; then only free pages are overwritten.</summary>
    public bool CanReadTrees => layout.Pages < TooManyPages;

    /// <summary>Cleans a range of pages, as far as there are any.</summary>
    /// <param name="first">The first page.</param>
    /// <param name="count">How many.</param>
    public void CleanRange(uint first, int count)
    {
        while (count > 0 && first <= layout.Pages)
        {
            var pages = (int)Math.Min(Math.Min(count, PagesOfBlock), layout.Pages - first + 1);
            file.Read(block.AsSpan(0, pages * layout.PageSize), layout.OffsetOf(first));
            for (var i = 0; i < pages; i++) Clean(first + (uint)i, block.AsSpan(i * layout.PageSize, layout.Usable), null);
            first += (uint)pages;
            count -= pages;
        }
    }

    /// <summary>
    /// Cleans some pages, and the ends of the chains that begin in them. False when one of them is in a chain that begins elsewhere: its
    /// end is not known.
    /// </summary>
    public bool CleanPages(IReadOnlyCollection<uint> pages)
    {
        var reached = new HashSet<uint>();
        var inChains = new List<uint>();
        foreach (var page in pages.Where(layout.IsOrdinary).Order())
        {
            var data = block.AsSpan(0, layout.Usable);
            file.Read(data, layout.OffsetOf(page));
            Clean(page, data, reached);
            if (CanReadTrees && !free.Contains(page) && !TreePage.Begins(data[0])) inChains.Add(page);
        }

        return inChains.TrueForAll(reached.Contains);
    }

    private void Clean(uint page, ReadOnlySpan<byte> data, HashSet<uint>? reached)
    {
        if (!layout.IsOrdinary(page)) return;
        if (free.Contains(page))
        {
            Clear(page, data, free.UsedOf(page), data.Length);
            return;
        }

        unused.Clear();
        if (!CanReadTrees || !TreePage.Begins(data[0]) || !TreePage.TryFindUnused(data, unused)) return;
        foreach (var (from, to) in unused) Clear(page, data, from, to);
        chains.Clear();
        TreePage.FindChains(data, chains);
        foreach (var chain in chains) CleanEnd(chain, reached);
    }

    private void CleanEnd(PageChain chain, HashSet<uint>? reached)
    {
        Span<byte> next = stackalloc byte[4];
        var page = chain.First;
        for (var left = chain.Pages; ; left--)
        {
            // A chain that is not as it must be is left alone.
            if (!layout.IsOrdinary(page) || free.Contains(page)) return;
            reached?.Add(page);
            file.Read(next, layout.OffsetOf(page));
            var following = BinaryPrimitives.ReadUInt32BigEndian(next);
            if (left == 1 && following != 0) return;
            if (left == 1) break;
            page = following;
        }

        var data = last.AsSpan(0, layout.Usable);
        file.Read(data, layout.OffsetOf(page));
        Clear(page, data, chain.UsedOfLast, data.Length);
    }

    private void Clear(uint page, ReadOnlySpan<byte> data, int from, int to)
    {
        var range = data[from..to];
        var first = range.IndexOfAnyExcept((byte)0);
        if (first < 0) return;
        var length = range.LastIndexOfAnyExcept((byte)0) - first + 1;
        file.Write(zeros.AsSpan(0, length), layout.OffsetOf(page) + from + first);
    }
}
