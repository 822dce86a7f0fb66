using SkiaSharp;
using StashAI.Visage.Imaging;

namespace StashAI.Visage.Tests.Imaging;

public sealed class PhotoDecoderTests
{
    private static readonly PhotoDecoder Decoder = new(80_000_000);

    public static TheoryData<int, string> Orientations => new()
    {
        { 1, "RGBW" }, { 2, "GRWB" }, { 3, "WBGR" }, { 4, "BWRG" }, { 5, "RBGW" }, { 6, "BRWG" }, { 7, "WGBR" }, { 8, "GWRB" },
    };

    [Theory]
    [MemberData(nameof(Orientations))]
    public void A_photo_stands_upright_whatever_its_orientation_says(int orientation, string quadrants)
    {
        using var stored = TestPictures.Quadrants();
        using var photo = Decoder.Decode(TestPictures.WithOrientation(TestPictures.Encode(stored), (byte)orientation));

        Assert.Equal(orientation <= 4 ? (64, 32) : (32, 64), (photo.Width, photo.Height));
        Assert.Equal(quadrants, Quadrants(photo));
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void A_PNG_says_its_orientation_in_a_chunk(int orientation, string quadrants)
    {
        using var stored = TestPictures.Quadrants();
        var png = TestPictures.Encode(stored, SKEncodedImageFormat.Png);
        byte[][] spellings =
        [
            TestPictures.Exif((byte)orientation, isBig: true), TestPictures.Exif((byte)orientation, isBig: false),
            [.. "Exif\0\0"u8, .. TestPictures.Exif((byte)orientation, isBig: true)],
        ];
        foreach (var exif in spellings)
        {
            using var photo = Decoder.Decode(TestPictures.WithChunk(png, "eXIf"u8, exif));
            Assert.Equal(quadrants, Quadrants(photo));
        }
    }

    [Fact]
    public void An_invalid_orientation_leaves_a_PNG_unchanged()
    {
        using var stored = TestPictures.Quadrants();
        var png = TestPictures.Encode(stored, SKEncodedImageFormat.Png);
        var random = new Random(27);
        var exifs =
            new List<byte[]> { Array.Empty<byte>(), TestPictures.Exif(0, true), TestPictures.Exif(9, false), TestPictures.Exif(255, true) };
        for (var i = 0; i < 500; i++)
        {
            // A cut-off or damaged chunk may give any orientation, but must not cause an exception.
            var exif = TestPictures.Exif(1, random.Next(2) == 0)[..random.Next(27)];
            if (exif.Length > 0) exif[random.Next(exif.Length)] = (byte)random.Next(256);
            exifs.Add(exif);
        }

        foreach (var (i, exif) in exifs.Index())
        {
            using var photo = Decoder.Decode(TestPictures.WithChunk(png, "eXIf"u8, exif));
            if (i < 4) Assert.Equal("RGBW", Quadrants(photo));
        }
    }

    [Fact]
    public void Every_frame_of_an_animated_PNG_can_be_seen()
    {
        using var first = new SKBitmap(64, 32, SKColorType.Rgba8888, SKAlphaType.Opaque);
        first.Erase(SKColors.Gray);
        using var second = TestPictures.Quadrants();

        using var picture = Decoder.Open(TestPictures.AnimatedPng(first, second));

        Assert.Equal([1], picture.SampledFrames);
        using (var photo = picture.Decode()) Assert.False(photo.HasContent);
        using (var photo = picture.Decode(1)) Assert.Equal("RGBW", Quadrants(photo!));
        Assert.Null(picture.Decode(2));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    public void Common_formats_are_decoded(SKEncodedImageFormat format)
    {
        using var picture = TestPictures.Quadrants();
        using var photo = Decoder.Decode(TestPictures.Encode(picture, format, 100));
        Assert.Equal("RGBW", Quadrants(photo));
    }

    [Fact]
    public void A_16_bit_PNG_is_read()
    {
        using var picture = TestPictures.Quadrants();
        using var deep = new SKBitmap(64, 32, SKColorType.Rgba16161616, SKAlphaType.Unpremul);
        using (var canvas = new SKCanvas(deep))
            canvas.DrawBitmap(picture, 0, 0, SKSamplingOptions.Default);
        var png = TestPictures.Encode(deep, SKEncodedImageFormat.Png);

        Assert.Equal(16, png[24]);
        using var photo = Decoder.Decode(png);
        Assert.Equal("RGBW", Quadrants(photo));
    }

    [Fact]
    public void Greyscale_is_read_as_grey()
    {
        using var grey = new SKBitmap(20, 10, SKColorType.Gray8, SKAlphaType.Opaque);
        grey.Erase(new SKColor(90, 90, 90));
        using var photo = Decoder.Decode(TestPictures.Encode(grey, SKEncodedImageFormat.Png));
        Assert.Equal(new SKColor(90, 90, 90), At(photo, 10, 5));
    }

    [Fact]
    public void Transparent_pixels_become_grey_and_half_transparent_ones_are_blended_with_grey()
    {
        using var picture = new SKBitmap(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        picture.SetPixel(0, 0, new SKColor(255, 0, 0, 0));
        picture.SetPixel(1, 0, new SKColor(255, 255, 255, 128));
        using var photo = Decoder.Decode(TestPictures.Encode(picture, SKEncodedImageFormat.Png));

        Assert.Equal(new SKColor(127, 127, 127), At(photo, 0, 0));
        Assert.Equal(191, At(photo, 1, 0).Red, 2d);
    }

    [Fact]
    public void A_cut_off_JPEG_keeps_its_usable_part()
    {
        using var picture = new SKBitmap(400, 400, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var random = new Random(1);
        for (var i = 0; i < 400 * 400; i++)
            picture.SetPixel(i % 400, i / 400, new SKColor((uint)random.Next() | 0xFF000000));
        var whole = TestPictures.Encode(picture);

        using var photo = Decoder.Decode(whole.AsSpan(0, whole.Length / 2));

        Assert.True(photo.IsIncomplete);
        Assert.Equal((400, 400), (photo.Width, photo.Height));
    }

    [Fact]
    public void A_picture_cut_off_before_its_first_pixels_is_refused()
    {
        using var picture = TestPictures.Quadrants();
        var png = TestPictures.Encode(picture, SKEncodedImageFormat.Png);
        var refused = Assert.Throws<PhotoRefusedException>(() => Decoder.Decode(png.AsSpan(0, 45)));
        Assert.Equal(PhotoRefusal.NotAPicture, refused.Refusal);
    }

    [Theory]
    [InlineData(30_000, 30_000)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1_000_000, 1_000_000)]
    public void A_decompression_bomb_is_refused_by_its_header(int width, int height)
    {
        var before = GC.GetTotalAllocatedBytes();
        Assert.Throws<PhotoRefusedException>(() => Decoder.Decode(TestPictures.PngHeader(width, height)));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_picture_of_too_many_pixels_names_the_setting()
    {
        var refused = Assert.Throws<PhotoRefusedException>(() => Decoder.Decode(TestPictures.PngHeader(30_000, 30_000)));
        Assert.Equal(PhotoRefusal.TooManyPixels, refused.Refusal);
        Assert.Contains("VISAGE_MAX_PIXELS", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_a_picture_is_refused()
    {
        byte[][] files =
            [[], [0], "<html></html>"u8.ToArray(), [0xFF, 0xD8, 0xFF], TestPictures.PngHeader(0, 0), TestPictures.PngHeader(0, 10)];
        Assert.All(files, file => Assert.Throws<PhotoRefusedException>(() => Decoder.Decode(file)));
    }

    [Fact]
    public void A_halved_copy_holds_the_mean_of_four_pixels()
    {
        using var bitmap = new SKBitmap(2, 2, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.SetPixel(0, 0, new SKColor(0, 255, 10));
        bitmap.SetPixel(1, 0, new SKColor(100, 255, 11));
        bitmap.SetPixel(0, 1, new SKColor(200, 255, 10));
        bitmap.SetPixel(1, 1, new SKColor(100, 255, 11));
        using var photo = new Photo(bitmap, isIncomplete: false);

        var colour = photo.LevelFor(2).Sample(0.5f, 0.5f, default);

        Assert.Equal((100f, 255f, 11f), (colour[0], colour[1], colour[2]));
    }

    [Fact]
    public void Halving_many_pixels_at_a_time_gives_what_halving_one_by_one_gives()
    {
        var random = new Random(3);
        uint[] Row() => [.. Enumerable.Range(0, 74).Select(_ => (uint)random.NextInt64(1L << 32))];
        var (above, below) = (Row(), Row());
        var half = new uint[37];

        PixelHalving.HalveRows(above, below, half);

        for (var x = 0; x < half.Length; x++)
        {
            for (var channel = 0; channel < 32; channel += 8)
            {
                uint Value(uint pixel) => (pixel >> channel) & 255;
                var sum = Value(above[2 * x]) + Value(above[(2 * x) + 1]) + Value(below[2 * x]) + Value(below[(2 * x) + 1]);
                Assert.Equal((sum + 2) / 4, Value(half[x]));
            }
        }
    }

    private static string Quadrants(Photo photo)
    {
        int x = photo.Width / 4, y = photo.Height / 4;
        return string.Concat(
            new[] { (x, y), (3 * x, y), (x, 3 * y), (3 * x, 3 * y) }.Select(point => Name(At(photo, point.Item1, point.Item2))));
    }

    private static char Name(SKColor colour) =>
        new[] { ('R', TestPictures.Red), ('G', TestPictures.Green), ('B', TestPictures.Blue), ('W', TestPictures.White) }
            .MinBy(known => Math.Abs(known.Item2.Red - colour.Red) + Math.Abs(known.Item2.Green - colour.Green)
                + Math.Abs(known.Item2.Blue - colour.Blue)).Item1;

    private static SKColor At(Photo photo, int x, int y)
    {
        var colour = photo.LevelFor(1).Sample(x + 0.5f, y + 0.5f, default);
        return new((byte)colour[0], (byte)colour[1], (byte)colour[2]);
    }
}
