using System.Text;

namespace StashAI.Visage.Tests.Formats;

/// <summary>
/// Small files of formats that ImageMagick reads, draws or follows, and that are no photos here. Clients may give them any name.
/// </summary>
internal static class RefusedFormats
{
    /// <summary>The name of each format and a file of it.</summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["MVG"] = Text("push graphic-context\nviewbox 0 0 64 64\nimage over 0,0 0,0 'https://127.0.0.1/a.jpg'\npop graphic-context\n"),
        ["MSL"] = Text("""<?xml version="1.0"?><image><read filename="/etc/passwd"/><write filename="out.jpg"/></image>"""),
        ["SVG"] = Text("""<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>"""),
        ["PS"] = Text("%!PS-Adobe-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\nshowpage\n"),
        ["EPS"] = Text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"),
        ["PDF"] = Text("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"),
        ["TEXT"] = Text("@/etc/passwd"),
        ["URL"] = Text("https://127.0.0.1/a.jpg"),
        ["XPM"] = Text("/* XPM */\nstatic char *a[] = {\"1 1 1 1\",\"a c #000000\",\"a\"};\n"),
        ["MIFF"] = Text("id=ImageMagick  version=1.0\nclass=DirectClass  columns=1  rows=1  depth=8\n\f\n:\x1a\0\0\0"),
        ["PPM"] = Text("P6 1 1 255\n\0\0\0"),
        ["PSD"] = Text("8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\0\x01\0\0\0\x01\0\x08\0\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ["XCF"] = Text("gimp xcf v003\0\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ["FITS"] = Text($"{"SIMPLE  =                    T",-80}{"BITPIX  =                    8",-80}{"END",-2720}"),
        ["DICOM"] = [.. new byte[128], .. Text("DICM\x02\0\0\0UL\x04\0\0\0\0\0")],
        ["DDS"] = [.. Text("DDS \x7c\0\0\0\x07\x10\0\0\x01\0\0\0\x01\0\0\0"), .. new byte[108]],
        ["JP2"] = RawFiles.Box("jP  "u8, [0x0D, 0x0A, 0x87, 0x0A]),
        ["EXR"] = Text("v/1\x01\x02\0\0\0channels\0chlist\0\x01\0\0\0\0\0"),
        ["WMF"] = Text("\xD7\xCD\xC6\x9A\0\0\0\0\0\0\x09\0\x09\0\x60\0\0\0\0\0\0\0"),
        ["corrupt HEIC"] = [.. RawFiles.Box("ftyp"u8, "heic\0\0\0\0mif1heic"u8), .. RawFiles.Box("meta"u8, new byte[64]), .. new byte[256]],
    };

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
