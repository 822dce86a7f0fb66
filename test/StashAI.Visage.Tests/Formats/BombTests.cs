using System.Buffers.Binary;
using StashAI.Visage.Imaging;

namespace StashAI.Visage.Tests.Formats;

/// <summary>Files of a few bytes that declare gigabytes of pixels.</summary>
public sealed class BombTests
{
    private static readonly PhotoDecoder Decoder = new(80_000_000);

    public static TheoryData<string, byte[]> Bombs => new()
    {
        { "HEIC", Heif("heic") },
        { "AVIF", Heif("avif") },
        { "TIFF", Tiff("II*\0"u8) },
        { "big-endian TIFF", Tiff("MM\0*"u8) },
        { "JPEG XL", JpegXl() },
        { "JPEG XL in a container", [.. Container(), .. RawFiles.Box("jxlc"u8, JpegXl())] },
        { "12-bit JPEG", [0xFF, 0xD8, 0xFF, 0xC1, 0, 17, 12, 0xFF, 0xFF, 0xFF, 0xFF, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xD9] },
        { "JPEG in a RAW file", RawFiles.Make("arw", [0, 0], LargeJpeg()) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_bomb_is_refused_by_its_header(string name, byte[] file)
    {
        var refused = Assert.Throws<PhotoRefusedException>(() => Decoder.Open(file));

        Assert.True(refused.Refusal == PhotoRefusal.TooManyPixels, $"{name}: {refused.Message}");
        Assert.Contains("VISAGE_MAX_PIXELS", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_without_a_size_is_refused()
    {
        byte[][] files = [RawFiles.Box("ftyp"u8, "heicmif1"u8), Container(), [0xFF, 0x0A], "II*\0\0\0\0\0"u8.ToArray()];

        Assert.All(files, file => Assert.Equal(
            PhotoRefusal.NotAPicture, Assert.Throws<PhotoRefusedException>(() => Decoder.Open(file)).Refusal));
    }

    [Theory]
    [InlineData(64, 32)]
    [InlineData(1, 1)]
    [InlineData(8192, 1000)]
    [InlineData(300_000, 20)]
    public void The_size_of_a_JPEG_XL_is_read_from_its_first_bits(int width, int height) =>
        Assert.Equal((width, height), JpegXlHeader.ReadSize(JpegXl(width, height)));

    private static byte[] Heif(string brand)
    {
        var extent = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(extent.AsSpan(4), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(extent.AsSpan(8), 60_000);
        var properties = RawFiles.Box("iprp"u8, RawFiles.Box("ipco"u8, RawFiles.Box("ispe"u8, extent)));
        return
        [
            .. RawFiles.Box("ftyp"u8, [.. System.Text.Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0, .. "mif1"u8]),
            .. RawFiles.Box("meta"u8, [0, 0, 0, 0, .. properties]),
        ];
    }

    private static byte[] Tiff(ReadOnlySpan<byte> magic)
    {
        var tiff = new TiffBuilder(magic);
        return tiff.Build(tiff.AddDirectory(0, (256, TiffBuilder.Long, 1, 60_000), (257, TiffBuilder.Long, 1, 60_000)));
    }

    private static byte[] LargeJpeg() => [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0xEA, 0x60, 0xEA, 0x60, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0,
        0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 0, 0xFF, 0xD9];

    private static byte[] Container() => [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 13, 10, 0x87, 10];

    /// <summary>The start of a codestream: not small, both sides written in 30 bits, no ratio.</summary>
    private static byte[] JpegXl(int width = 1 << 20, int height = 1 << 20)
    {
        var bits = new List<bool> { false };
        void Write(int value, int count)
        {
            for (var i = 0; i < count; i++) bits.Add(((value >> i) & 1) == 1);
        }

        Write(3, 2);
        Write(height - 1, 30);
        Write(0, 3);
        Write(3, 2);
        Write(width - 1, 30);
        var bytes = new byte[(bits.Count + 7) / 8];
        for (var i = 0; i < bits.Count; i++) bytes[i / 8] |= (byte)((bits[i] ? 1 : 0) << (i % 8));
        return [0xFF, 0x0A, .. bytes];
    }
}
