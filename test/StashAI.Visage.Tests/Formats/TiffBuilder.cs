using System.Buffers.Binary;

namespace StashAI.Visage.Tests.Formats;

/// <summary>Writes files with the structure of TIFF. What is pointed to is added before what points to it.</summary>
internal sealed class TiffBuilder
{
    public const ushort Byte = 1, Short = 3, Long = 4, Undefined = 7;

    private readonly List<byte> file = [];
    private readonly bool isBigEndian;

    /// <param name="magic">The first four bytes, for example <c>II*\0</c>.</param>
    public TiffBuilder(ReadOnlySpan<byte> magic)
    {
        isBigEndian = magic[0] == 'M';
        file.AddRange(magic);
        file.AddRange(new byte[12]);
    }

    /// <summary>Adds bytes and returns their offset.</summary>
    public uint Add(ReadOnlySpan<byte> bytes)
    {
        if (file.Count % 2 == 1) file.Add(0);
        var offset = file.Count;
        file.AddRange(bytes);
        return (uint)offset;
    }

    /// <summary>Adds a directory and returns its offset. An entry has one number, or is a place with its length.</summary>
    public uint AddDirectory(uint next, params (ushort Tag, ushort Type, uint Count, uint Value)[] entries)
    {
        var bytes = new byte[6 + (12 * entries.Length)];
        Write16(bytes, (ushort)entries.Length);
        foreach (var (i, entry) in entries.Index())
        {
            var at = bytes.AsSpan(2 + (12 * i));
            Write16(at, entry.Tag);
            Write16(at[2..], entry.Type);
            Write32(at[4..], entry.Count);
            if (entry is { Type: Short, Count: 1 }) Write16(at[8..], (ushort)entry.Value);
            else Write32(at[8..], entry.Value);
        }

        Write32(bytes.AsSpan(bytes.Length - 4), next);
        return Add(bytes);
    }

    public byte[] Build(uint first)
    {
        byte[] bytes = [.. file];
        Write32(bytes.AsSpan(4), first);
        return bytes;
    }

    private void Write16(Span<byte> at, ushort value)
    {
        if (isBigEndian) BinaryPrimitives.WriteUInt16BigEndian(at, value);
        else BinaryPrimitives.WriteUInt16LittleEndian(at, value);
    }

    private void Write32(Span<byte> at, uint value)
    {
        if (isBigEndian) BinaryPrimitives.WriteUInt32BigEndian(at, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(at, value);
    }
}
