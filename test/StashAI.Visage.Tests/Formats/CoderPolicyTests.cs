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

    /// <summary>Texts that ImageMagick would draw, follow or run, in the form of files.</summary>
    public static TheoryData<string, string> Languages => new()
    {
        { "MVG", "push graphic-context\nviewbox 0 0 64 64\nimage over 0,0 0,0 'https://127.0.0.1/a.jpg'\npop graphic-context\n" },
        { "MSL", """<?xml version="1.0"?><image><read filename="/etc/passwd"/><write filename="out.jpg"/></image>""" },
        { "SVG", """<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>""" },
        { "PS", "%!PS-Adobe-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\nshowpage\n" },
        { "EPS", "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n" },
        { "PDF", "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n" },
        { "TEXT", "@/etc/passwd" },
        { "URL", "https://127.0.0.1/a.jpg" },
        { "XPM", "/* XPM */\nstatic char *a[] = {\"1 1 1 1\",\"a c #000000\",\"a\"};\n" },
        { "MIFF", "id=ImageMagick  version=1.0\nclass=DirectClass  columns=1  rows=1  depth=8\n\f\n:\x1a\0\0\0" },
    };

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
    [MemberData(nameof(Languages))]
    public void A_language_in_the_form_of_a_photo_is_no_photo(string name, string text)
    {
        var refused = Assert.Throws<PhotoRefusedException>(() => new PhotoDecoder(MaxPixels).Decode(Encoding.Latin1.GetBytes(text)));

        Assert.True(refused.Refusal == PhotoRefusal.NotAPicture, $"{name}: {refused.Message}");
    }
}
