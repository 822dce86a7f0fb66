using System.Buffers.Binary;

namespace StashAI.Hosting.Pictures;

/// <summary>
/// The structure of a TIFF file, or of data that have it: EXIF and most RAW formats. Whatever the file says, nothing is read outside it.
/// </summary>
public readonly ref struct TiffFile
{
    private readonly ReadOnlySpan<byte> file;
    private readonly bool isBigEndian;

    private TiffFile(ReadOnlySpan<byte> file, bool isBigEndian, bool isBig, long first)
    {
        this.file = file;
        this.isBigEndian = isBigEndian;
        IsBig = isBig;
        FirstDirectory = first;
    }

    /// <summary>The offset of the first directory.</summary>
    public long FirstDirectory { get; }

    /// <summary>Whether this is a BigTIFF file, whose offsets have eight bytes.</summary>
    internal bool IsBig { get; }

    internal int Length => file.Length;

    /// <summary>Whether the file begins like a TIFF or a BigTIFF file.</summary>
    public static bool IsTiff(ReadOnlySpan<byte> file) =>
        file.Length >= 8 && (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) || file.StartsWith("II+\0"u8)
            || file.StartsWith("MM\0+"u8));

    /// <summary>False when the bytes do not begin with a byte order and the offset of a directory.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> file, out TiffFile tiff)
    {
        tiff = default;
        var isBigEndian = file.StartsWith("MM"u8);
        if (file.Length < 8 || (!isBigEndian && !file.StartsWith("II"u8)))
            return false;
        var isBig = file[isBigEndian ? 3 : 2] == 43;
        var shape = new TiffFile(file, isBigEndian, isBig, 0);
        tiff = new(file, isBigEndian, isBig, isBig ? shape.ReadOffset(8) : shape.ReadUInt32(4));
        return true;
    }

    /// <summary>The same bytes and byte order, with another first directory; for maker notes.</summary>
    public TiffFile At(long directory) => new(file, isBigEndian, IsBig, directory);

    /// <summary>Other bytes in the same byte order.</summary>
    public TiffFile Over(ReadOnlySpan<byte> other) => new(other, isBigEndian, IsBig, FirstDirectory);

    /// <summary>The directory at an offset; it has no entries if the offset is outside the file.</summary>
    public TiffDirectory Directory(long offset) => new(this, offset);

    public ReadOnlySpan<byte> Slice(long offset, long length) =>
        offset < 0 || length < 0 || offset >= file.Length ? [] : file.Slice((int)offset, (int)Math.Min(length, file.Length - offset));

    /// <summary>0 outside the file.</summary>
    internal ushort ReadUInt16(long at) => at < 0 || at > file.Length - 2
        ? (ushort)0
        : isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(file[(int)at..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[(int)at..]);

    /// <summary>0 outside the file.</summary>
    internal uint ReadUInt32(long at) => at < 0 || at > file.Length - 4
        ? 0
        : isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[(int)at..]);

    /// <summary>A number of eight bytes; 0 outside the file, and the largest number if it is larger than any file.</summary>
    internal long ReadOffset(long at)
    {
        if (at < 0 || at > file.Length - 8)
            return 0;
        var number = isBigEndian
            ? BinaryPrimitives.ReadUInt64BigEndian(file[(int)at..])
            : BinaryPrimitives.ReadUInt64LittleEndian(file[(int)at..]);
        return (long)Math.Min(number, long.MaxValue);
    }
}
