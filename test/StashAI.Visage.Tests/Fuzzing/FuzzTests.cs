using System.Diagnostics;
using System.Globalization;
using SkiaSharp;
using StashAI.Hosting.Pictures;
using StashAI.Visage.Imaging;
using StashAI.Visage.Tests.Formats;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Fuzzing;

/// <summary>Sends damaged files to the real service: every answer must be 200 or 4xx, and the service must keep running.</summary>
public sealed class FuzzTests(RealFiles files, EncodedPhotos photos)
{
    [Fact]
    public Task A_hundred_damaged_files_get_an_answer_each() => RunAsync(100);

    [Fact(Explicit = true)]
    public Task Thousands_of_damaged_files_get_an_answer_each_in_bounded_memory() => RunAsync(5000);

    /// <summary>The decoders by themselves, so that many more files can be tried.</summary>
    [Fact(Explicit = true)]
    public async Task Tens_of_thousands_of_damaged_files_are_decoded_or_refused()
    {
        var decoder = new PhotoDecoder(20_000_000);
        foreach (var (form, original) in (await OriginalsAsync()).Index())
        {
            var (decoded, refused, slowest, slowestSeed) = (0, 0, TimeSpan.Zero, 0);
            for (var seed = 0; seed < 1500; seed++)
            {
                var damaged = Mutations.Mutate(original, new Random(seed));
                var began = Environment.CpuUsage.TotalTime;
                try
                {
                    using var photo = decoder.Decode(damaged);
                    decoded++;
                }
                catch (PhotoRefusedException)
                {
                    refused++;
                }

                var took = Environment.CpuUsage.TotalTime - began;
                if (took > slowest)
                    (slowest, slowestSeed) = (took, seed);
            }

            using var process = Process.GetCurrentProcess();
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"form {form}, {PictureKinds.Of(original)}, {original.Length} bytes: {decoded} decoded, {refused} refused; at most "
                + $"{slowest.TotalSeconds:0.00} s of processor time (seed {slowestSeed}); peak {process.PeakWorkingSet64 >> 20} MB"));
            Assert.InRange(slowest.TotalSeconds, 0, 20);
        }
    }

    private async Task RunAsync(int count)
    {
        await using var server = await VisageServer.StartAsync(files, options => options with { MaxPixels = 20_000_000 });
        var originals = await OriginalsAsync();
        var statuses = new SortedDictionary<int, int>();
        var slowest = TimeSpan.Zero;
        for (var seed = 0; seed < count; seed++)
        {
            var damaged = Mutations.Mutate(originals[seed % originals.Count], new Random(seed));
            var began = Stopwatch.GetTimestamp();
            var answer = await server.PredictAsync(damaged);
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(began).Ticks));
            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
            Assert.True(answer.Status is 200 or 413 or 422, $"seed {seed}: {answer.Status} {answer.Body?["detail"]}");
        }

        Assert.Equal(200, (await server.GetAsync("/health")).Status);
        using var process = Process.GetCurrentProcess();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} damaged files: {string.Join(", ", statuses.Select(status => $"{status.Value} x {status.Key}"))}; peak memory of the "
            + $"process {process.PeakWorkingSet64 >> 20} MB; the slowest answer took {slowest.TotalSeconds:0.0} s"));
    }

    private async Task<List<byte[]>> OriginalsAsync()
    {
        using var photo = SKBitmap.Decode(files.Sample(6));
        using var small = photo.Resize(new SKImageInfo(480, 384), SKSamplingOptions.Default);
        using var grey = small.Copy(SKColorType.Gray8);
        var jpeg = TestPictures.Encode(small);
        List<byte[]> originals =
        [
            jpeg,
            TestPictures.WithOrientation(jpeg, 6),
            TestPictures.Encode(small, SKEncodedImageFormat.Png),
            TestPictures.Encode(grey, SKEncodedImageFormat.Png),
            TestPictures.Encode(small, SKEncodedImageFormat.Webp, 80),
            TestPictures.Encode(small, SKEncodedImageFormat.Webp, 100),
            TestPictures.PngHeader(4000, 4000),
            Gif(),
            Bmp(small),
            .. RawFiles.Cameras.Select(camera => RawFiles.Make(camera, TestPictures.PngHeader(1, 1), jpeg, orientation: 6)),
        ];
        foreach (var form in new[] { "small-avif", "small-jxl", "small-tiff", "small-cmyk-tiff", "small-jpeg-tiff", "small-heic" })
        {
            if (await photos.TryReadAsync(files, 6, form) is { } other)
                originals.Add(other);
        }

        return originals;
    }

    private static byte[] Gif() =>
        [.. "GIF89a"u8, 2, 0, 2, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, 0x44, 2, 5, 0, 0x3B];

    private static byte[] Bmp(SKBitmap picture)
    {
        var stride = picture.Width * 3;
        var size = 54 + (stride * picture.Height);
        var bmp = new byte[size];
        "BM"u8.CopyTo(bmp);
        BitConverter.TryWriteBytes(bmp.AsSpan(2), size);
        BitConverter.TryWriteBytes(bmp.AsSpan(10), 54);
        BitConverter.TryWriteBytes(bmp.AsSpan(14), 40);
        BitConverter.TryWriteBytes(bmp.AsSpan(18), picture.Width);
        BitConverter.TryWriteBytes(bmp.AsSpan(22), picture.Height);
        (bmp[26], bmp[28]) = (1, 24);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var colour = picture.GetPixel(x, picture.Height - 1 - y);
                (bmp[54 + (y * stride) + (3 * x)], bmp[55 + (y * stride) + (3 * x)], bmp[56 + (y * stride) + (3 * x)]) =
                    (colour.Blue, colour.Green, colour.Red);
            }
        }

        return bmp;
    }
}
