using System.Text;
using ImageMagick;
using StashAI.Visage.Imaging;

namespace StashAI.Visage.Tests.Formats;

/// <summary>ImageMagick knows languages, addresses and two hundred formats. Only those of photos are enabled (ADR 0023).</summary>
public sealed class CoderPolicyTests
{
    private const long MaxPixels = 1_000_000;

    /// <summary>
    /// The policy is in force from the first picture on. Whoever asked ImageMagick anything before that would have its own policy instead.
    /// </summary>
    static CoderPolicyTests() => Assert.Throws<PhotoRefusedException>(() => MagickCoders.Read("no"u8, MagickFormat.Jpeg, MaxPixels, out _));

    private static readonly MagickFormat[] Allowed =
        [MagickFormat.Heic, MagickFormat.Avif, MagickFormat.Jxl, MagickFormat.Tiff, MagickFormat.Jpeg];

    public static TheoryData<string> Refused => [.. RefusedFormats.All.Keys];

    [Fact]
    public void No_coder_reads_anything_except_those_of_photos()
    {
        var file = Encoding.ASCII.GetBytes("push graphic-context\nviewbox 0 0 8 8\npop graphic-context\n");
        var known = Enum.GetValues<MagickFormat>().Distinct().Except([MagickFormat.Unknown]).ToList();

        var open = known.Where(format =>
        {
            var refused = Assert.Throws<PhotoRefusedException>(() => MagickCoders.Read(file, format, MaxPixels, out _).Dispose());
            return !refused.Message.Contains("security policy", StringComparison.Ordinal);
        });

        Assert.True(known.Count > 200, $"ImageMagick has {known.Count} formats here.");
        Assert.Equal(Allowed.Order(), open.Order());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_file_of_another_format_is_no_photo(string format)
    {
        var refused = Assert.Throws<PhotoRefusedException>(() => new PhotoDecoder(MaxPixels).Decode(RefusedFormats.All[format]));

        Assert.True(refused.Refusal == PhotoRefusal.NotAPicture, $"{format}: {refused.Message}");
    }
}
