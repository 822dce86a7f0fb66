using StashAI.Hosting.Pictures;

namespace StashAI.Visage.Imaging;

/// <summary>Reads the size of a JPEG XL picture from the first bits of its codestream.</summary>
internal static class JpegXlHeader
{
    private static readonly (int Width, int Height)[] Ratios = [(0, 0), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1)];

    /// <summary>The size; (0, 0) when the file ends before it.</summary>
    public static (long Width, long Height) ReadSize(ReadOnlySpan<byte> file)
    {
        var stream = Codestream(file);
        if (!stream.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]))
            return (0, 0);
        var bits = new Bits(stream[2..]);
        var isSmall = bits.Read(1) == 1;
        var height = Side(ref bits, isSmall);
        var ratio = Ratios[bits.Read(3)];
        var width = ratio.Width == 0 ? Side(ref bits, isSmall) : height * ratio.Width / ratio.Height;
        return bits.IsAtEnd ? (0, 0) : (width, height);
    }

    private static ReadOnlySpan<byte> Codestream(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]))
            return file;
        foreach (var box in new IsoBoxes(file))
        {
            if (box.Type.SequenceEqual("jxlc"u8))
                return box.Content;
            // A part of the codestream, after its number.
            if (box.Type.SequenceEqual("jxlp"u8))
                return box.Content.Length > 4 ? box.Content[4..] : [];
        }

        return [];
    }

    private static long Side(ref Bits bits, bool isSmall) => isSmall
        ? (bits.Read(5) + 1L) * 8
        : 1L + bits.Read(bits.Read(2) switch { 0 => 9, 1 => 13, 2 => 18, _ => 30 });

    /// <summary>Reads numbers of some bits, the lowest bit first.</summary>
    private ref struct Bits(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;
        private int position;

        public bool IsAtEnd { get; private set; }

        public int Read(int count)
        {
            var value = 0;
            for (var i = 0; i < count; i++, position++)
            {
                if (position / 8 >= bytes.Length)
                {
                    IsAtEnd = true;
                    return 0;
                }

                value |= ((bytes[position / 8] >> (position % 8)) & 1) << i;
            }

            return value;
        }
    }
}
