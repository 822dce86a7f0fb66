using System.Buffers.Binary;

namespace StashAI.Hosting.Pictures;

/// <summary>Enumerates the chunks of a PNG file and stops at the first incomplete one.</summary>
public readonly ref struct PngChunks(ReadOnlySpan<byte> file)
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    private readonly ReadOnlySpan<byte> file = file;

    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    public Enumerator GetEnumerator() => new(file);

    /// <summary>Writes a chunk with its checksum.</summary>
    public static void Write(List<byte> to, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        to.AddRange(number);
        var from = to.Count;
        to.AddRange(type);
        to.AddRange(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(to)[from..]));
        to.AddRange(number);
    }

    public static void WriteSignature(List<byte> to) => to.AddRange(Signature);

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        Span<uint> table = stackalloc uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value >> 1) ^ (0xEDB88320 & (0 - (value & 1)));
            table[(int)i] = value;
        }

        var crc = uint.MaxValue;
        foreach (var octet in bytes)
            crc = (crc >> 8) ^ table[(int)((crc ^ octet) & 255)];
        return ~crc;
    }

    public ref struct Enumerator(ReadOnlySpan<byte> file)
    {
        private readonly ReadOnlySpan<byte> file = file;
        private int next = 8;

        /// <summary>The chunk's type: four letters.</summary>
        public ReadOnlySpan<byte> Type { get; private set; }

        public ReadOnlySpan<byte> Data { get; private set; }

        public readonly Enumerator Current => this;

        public bool MoveNext()
        {
            if (next > file.Length - 12)
                return false;
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[next..]);
            if (length > (uint)(file.Length - next - 12))
                return false;
            Type = file.Slice(next + 4, 4);
            Data = file.Slice(next + 8, (int)length);
            next += (int)length + 12;
            return true;
        }
    }
}
