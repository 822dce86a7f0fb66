using System.Buffers.Binary;

namespace StashAI.SqliteFiles;

/// <summary>How a database file is divided into pages (https://sqlite.org/fileformat2.html). Pages count from 1.</summary>
/// <param name="PageSize">The bytes of a page.</param>
/// <param name="Usable">How many of them, from the first on, SQLite uses.</param>
/// <param name="Pages">The number of pages.</param>
/// <param name="FirstTrunk">The first page of the list of free pages; 0 for none.</param>
/// <param name="HasPointerMap">True when some pages tell where others are referred to, as <c>auto_vacuum</c> needs.</param>
internal readonly record struct PageLayout(int PageSize, int Usable, uint Pages, uint FirstTrunk, bool HasPointerMap)
{
    private const int HeaderBytes = 100;
    private const long LockedByte = 0x4000_0000;

    /// <param name="file">The database, which nobody writes to.</param>
    /// <param name="pages">The number of pages, as SQLite counts them.</param>
    public static PageLayout Read(OpenFile file, uint pages)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        file.Read(header, 0);
        var size = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var stored && stored == 1 ? 65536 : stored;
        return new PageLayout(
            size,
            size - header[20],
            pages,
            BinaryPrimitives.ReadUInt32BigEndian(header[32..]),
            BinaryPrimitives.ReadUInt32BigEndian(header[52..]) != 0);
    }

    public long OffsetOf(uint page) => (page - 1L) * PageSize;

    /// <summary>True for a page that can be in a tree, in a chain of one, or free.</summary>
    public bool IsOrdinary(uint page)
    {
        // The first page has the header and the schema, in which nobody is named. SQLite locks bytes of another page and never writes it.
        if (page < 2 || page > Pages || page == (LockedByte / PageSize) + 1) return false;
        return !HasPointerMap || !IsPointerMap(page);
    }

    private bool IsPointerMap(uint page)
    {
        var pagesOfMap = (uint)(Usable / 5) + 1;
        var map = ((page - 2) / pagesOfMap * pagesOfMap) + 2;
        if (map == (LockedByte / PageSize) + 1) map++;
        return map == page;
    }
}
