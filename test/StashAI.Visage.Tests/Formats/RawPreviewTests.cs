using SkiaSharp;
using StashAI.Hosting.Pictures;
using StashAI.Visage.Imaging;
using StashAI.Visage.Tests.Fuzzing;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Formats;

/// <summary>The JPEG that a camera stored inside its RAW file.</summary>
public sealed class RawPreviewTests
{
    private static readonly PhotoDecoder Decoder = new(80_000_000);

    public static TheoryData<string> Cameras => [.. RawFiles.Cameras];

    [Theory]
    [MemberData(nameof(Cameras))]
    public void The_largest_JPEG_of_a_RAW_file_is_found(string camera)
    {
        var (thumbnail, jpeg) = Jpegs();
        var file = RawFiles.Make(camera, thumbnail, jpeg);

        var found = RawPreview.Find(file);

        Assert.Equal(PictureKind.Raw, PictureKinds.Of(file));
        Assert.True(found!.Value.In(file).StartsWith(jpeg), "the larger JPEG");
    }

    [Theory]
    [MemberData(nameof(Cameras))]
    public void It_is_turned_as_the_RAW_file_says(string camera)
    {
        // A camera of Fujifilm writes the orientation into the JPEG only.
        if (camera == "raf") return;
        var (thumbnail, jpeg) = Jpegs();

        using var photo = Decoder.Decode(RawFiles.Make(camera, thumbnail, jpeg, orientation: 6));

        Assert.Equal((32, 64), (photo.Width, photo.Height));
    }

    [Theory]
    [MemberData(nameof(Cameras))]
    public void A_JPEG_that_says_itself_how_it_is_turned_is_not_turned_twice(string camera)
    {
        var (thumbnail, jpeg) = Jpegs();
        foreach (var (own, size) in new[] { ((byte)1, (64, 32)), ((byte)6, (32, 64)) })
        {
            using var photo = Decoder.Decode(
                RawFiles.Make(camera, thumbnail, TestPictures.WithOrientation(jpeg, own), orientation: 6));

            Assert.Equal(size, (photo.Width, photo.Height));
        }
    }

    [Theory]
    [MemberData(nameof(Cameras))]
    public void A_RAW_file_without_a_usable_JPEG_is_refused(string camera)
    {
        byte[] nothing = [0xFF, 0xD8, 0xFF, 0xD9, .. new byte[40]];

        var refused = Assert.Throws<PhotoRefusedException>(() => Decoder.Decode(RawFiles.Make(camera, nothing, nothing)));

        Assert.Contains("RAW file without a JPEG", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cameras))]
    public void Whatever_a_file_says_nothing_outside_it_is_read(string camera)
    {
        var (thumbnail, jpeg) = Jpegs();
        var original = RawFiles.Make(camera, thumbnail, jpeg);
        for (var seed = 0; seed < 20_000; seed++)
        {
            var damaged = Mutations.Mutate(original, new Random(seed));

            _ = PictureKinds.Of(damaged);
            if (RawPreview.Find(damaged) is { } found)
                Assert.Equal(found.Length, found.In(damaged).Length);
            _ = HeifHeader.Read(damaged);
            _ = JpegXlHeader.ReadSize(damaged);
        }
    }

    [Fact]
    public void Directories_that_lead_in_circles_end()
    {
        var tiff = new TiffBuilder("II*\0"u8);
        var first = tiff.AddDirectory(0, (50706, TiffBuilder.Byte, 4, 1), (330, TiffBuilder.Long, 1, 16));
        var file = tiff.Build(first);
        // The next directory is this one, and so is the inner one.
        BitConverter.TryWriteBytes(file.AsSpan((int)first + 2 + 24), first);

        Assert.True(RawPreview.IsRaw(file));
        Assert.Null(RawPreview.Find(file));
    }

    private static (byte[] Thumbnail, byte[] Jpeg) Jpegs()
    {
        using var large = TestPictures.Quadrants();
        using var small = large.Resize(new SKImageInfo(16, 8), SKSamplingOptions.Default);
        return (TestPictures.Encode(small), TestPictures.Encode(large));
    }
}
