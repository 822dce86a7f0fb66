namespace StashAI.Hosting.Pictures;

/// <summary>A directory of a TIFF file: numbers and bytes by their tags.</summary>
public readonly ref struct TiffDirectory
{
    private const int MaxEntries = 4096;

    private readonly TiffFile file;
    private readonly long entries;
    private readonly int entrySize;

    internal TiffDirectory(TiffFile file, long offset)
    {
        this.file = file;
        entrySize = file.IsBig ? 20 : 12;
        var head = file.IsBig ? 8 : 2;
        entries = offset + head;
        if (offset <= 0 || offset > file.Length - head)
            return;
        var declared = file.IsBig ? file.ReadOffset(offset) : file.ReadUInt16(offset);
        Count = (int)Math.Min(Math.Min(declared, MaxEntries), (file.Length - entries) / entrySize);
        // After a directory that is cut off there is no other.
        if (declared > Count)
            return;
        var next = entries + ((long)Count * entrySize);
        Next = file.IsBig ? file.ReadOffset(next) : file.ReadUInt32(next);
    }

    /// <summary>The number of its entries that are within the file.</summary>
    public int Count { get; }

    /// <summary>The offset of the directory after it; 0 when there is none.</summary>
    public long Next { get; }

    /// <summary>The first number of an entry; null when there is no such entry.</summary>
    public long? Number(ushort tag) => Numbers(tag, 1) is [var number] ? number : null;

    /// <summary>The first numbers of an entry; empty when there is no such entry, or it does not contain whole numbers.</summary>
    public long[] Numbers(ushort tag, int atMost)
    {
        if (Find(tag) is not { } entry)
            return [];
        // BYTE, UNDEFINED; SHORT; LONG, IFD; LONG8, IFD8.
        var size = entry.Type switch { 1 or 7 => 1, 3 => 2, 4 or 13 => 4, 16 or 18 => 8, _ => 0 };
        if (size == 0)
            return [];
        var at = Value(entry, size);
        var numbers = new long[Math.Min(Math.Min(entry.Count, atMost), Math.Max(0, (file.Length - at) / size))];
        for (var i = 0; i < numbers.Length; i++, at += size)
        {
            numbers[i] = size switch
            {
                1 => file.Slice(at, 1)[0],
                2 => file.ReadUInt16(at),
                4 => file.ReadUInt32(at),
                _ => file.ReadOffset(at),
            };
        }

        return numbers;
    }

    /// <summary>Where the bytes of an entry are; null when there is no such entry, or its values are not bytes.</summary>
    public (long Offset, long Length)? Bytes(ushort tag) =>
        Find(tag) is { Type: 1 or 2 or 7 } entry ? (Value(entry, 1), entry.Count) : null;

    private long Value((int Type, long Count, long At) entry, int size)
    {
        var inline = file.IsBig ? 8 : 4;
        return entry.Count <= inline / size ? entry.At : file.IsBig ? file.ReadOffset(entry.At) : file.ReadUInt32(entry.At);
    }

    private (int Type, long Count, long At)? Find(ushort tag)
    {
        for (var i = 0; i < Count; i++)
        {
            var at = entries + ((long)i * entrySize);
            if (file.ReadUInt16(at) != tag)
                continue;
            return file.IsBig
                ? (file.ReadUInt16(at + 2), file.ReadOffset(at + 4), at + 12)
                : (file.ReadUInt16(at + 2), file.ReadUInt32(at + 4), at + 8);
        }

        return null;
    }
}
