using System.Collections.Frozen;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// Tells common media from their first bytes, for services that want a content type or a file name. No library of signatures is maintained
/// that may be used here; the few dozen kinds that AI services take are a table.
/// </summary>
public static class FileKind
{
    /// <summary>The type of any bytes.</summary>
    public const string Unknown = "application/octet-stream";

    /// <summary>Types that say only that something was sent: the bytes say more.</summary>
    private static readonly FrozenSet<string> Generic = new[]
    {
        Unknown, "binary/octet-stream", "application/binary", "application/download", "application/x-download",
        "application/force-download", "application/x-force-download", "application/unknown", "application/x-unknown",
        "application/x-binary", "unknown/unknown", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "image/*",
        "audio/*", "video/*", "application/*", "*/*",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Containers of more kinds than their first bytes tell: a type of its own says more.</summary>
    private static readonly FrozenSet<string> Containers =
        new[]
        {
            "video/mp4", "audio/mp4", "video/webm", "audio/ogg", "application/zip", "image/tiff", "video/quicktime", "video/3gpp",
            "application/gzip",
        }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Extensions = new Dictionary<string, string>
    {
        ["image/jpeg"] = ".jpg",
        ["image/jpg"] = ".jpg",
        ["image/pjpeg"] = ".jpg",
        ["image/svg+xml"] = ".svg",
        ["image/tiff"] = ".tif",
        ["image/x-icon"] = ".ico",
        ["image/vnd.microsoft.icon"] = ".ico",
        ["image/x-ms-bmp"] = ".bmp",
        ["image/x-bmp"] = ".bmp",
        ["image/x-png"] = ".png",
        ["image/jxl"] = ".jxl",
        ["image/jp2"] = ".jp2",
        ["image/x-canon-cr2"] = ".cr2",
        ["image/x-canon-cr3"] = ".cr3",
        ["image/x-fuji-raf"] = ".raf",
        ["image/x-olympus-orf"] = ".orf",
        ["image/x-panasonic-rw2"] = ".rw2",
        ["image/x-adobe-dng"] = ".dng",
        ["image/x-nikon-nef"] = ".nef",
        ["image/x-sony-arw"] = ".arw",
        ["image/vnd.adobe.photoshop"] = ".psd",
        ["image/heic-sequence"] = ".heics",
        ["image/heif-sequence"] = ".heifs",
        ["audio/mpeg"] = ".mp3",
        ["audio/mp3"] = ".mp3",
        ["audio/mpeg3"] = ".mp3",
        ["audio/x-mp3"] = ".mp3",
        ["audio/x-mpeg"] = ".mp3",
        ["audio/x-mpeg-3"] = ".mp3",
        ["audio/mpg"] = ".mp3",
        ["audio/mp4"] = ".m4a",
        ["audio/x-m4a"] = ".m4a",
        ["audio/m4a"] = ".m4a",
        ["audio/x-m4b"] = ".m4b",
        ["audio/aac"] = ".aac",
        ["audio/x-aac"] = ".aac",
        ["audio/aacp"] = ".aac",
        ["audio/wav"] = ".wav",
        ["audio/x-wav"] = ".wav",
        ["audio/wave"] = ".wav",
        ["audio/vnd.wave"] = ".wav",
        ["audio/x-pn-wav"] = ".wav",
        ["audio/flac"] = ".flac",
        ["audio/x-flac"] = ".flac",
        ["audio/ogg"] = ".ogg",
        ["audio/vorbis"] = ".ogg",
        ["audio/opus"] = ".opus",
        ["audio/webm"] = ".webm",
        ["audio/aiff"] = ".aiff",
        ["audio/x-aiff"] = ".aiff",
        ["audio/amr"] = ".amr",
        ["audio/amr-wb"] = ".awb",
        ["audio/3gpp"] = ".3gp",
        ["audio/3gpp2"] = ".3g2",
        ["audio/midi"] = ".mid",
        ["audio/x-midi"] = ".mid",
        ["audio/basic"] = ".au",
        ["audio/x-matroska"] = ".mka",
        ["audio/x-ms-wma"] = ".wma",
        ["audio/x-caf"] = ".caf",
        ["video/mp4"] = ".mp4",
        ["video/x-m4v"] = ".m4v",
        ["video/quicktime"] = ".mov",
        ["video/x-matroska"] = ".mkv",
        ["video/matroska"] = ".mkv",
        ["video/webm"] = ".webm",
        ["video/x-msvideo"] = ".avi",
        ["video/avi"] = ".avi",
        ["video/msvideo"] = ".avi",
        ["video/mpeg"] = ".mpg",
        ["video/ogg"] = ".ogv",
        ["video/3gpp"] = ".3gp",
        ["video/3gpp2"] = ".3g2",
        ["video/x-ms-wmv"] = ".wmv",
        ["video/x-ms-asf"] = ".asf",
        ["video/x-flv"] = ".flv",
        ["video/mp2t"] = ".ts",
        ["text/plain"] = ".txt",
        ["text/markdown"] = ".md",
        ["text/x-markdown"] = ".md",
        ["text/html"] = ".html",
        ["application/xhtml+xml"] = ".xhtml",
        ["text/csv"] = ".csv",
        ["text/xml"] = ".xml",
        ["application/xml"] = ".xml",
        ["text/vtt"] = ".vtt",
        ["application/x-subrip"] = ".srt",
        ["text/rtf"] = ".rtf",
        ["application/rtf"] = ".rtf",
        ["text/javascript"] = ".js",
        ["text/tab-separated-values"] = ".tsv",
        ["text/calendar"] = ".ics",
        ["application/json"] = ".json",
        ["application/x-ndjson"] = ".ndjson",
        ["application/pdf"] = ".pdf",
        ["application/zip"] = ".zip",
        ["application/x-zip-compressed"] = ".zip",
        ["application/gzip"] = ".gz",
        ["application/x-gzip"] = ".gz",
        ["application/x-tar"] = ".tar",
        ["application/x-7z-compressed"] = ".7z",
        ["application/vnd.rar"] = ".rar",
        ["application/msword"] = ".doc",
        ["application/vnd.ms-excel"] = ".xls",
        ["application/vnd.ms-powerpoint"] = ".ppt",
        ["application/epub+zip"] = ".epub",
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = ".docx",
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = ".xlsx",
        ["application/vnd.openxmlformats-officedocument.presentationml.presentation"] = ".pptx",
        ["application/vnd.oasis.opendocument.text"] = ".odt",
        ["application/vnd.oasis.opendocument.spreadsheet"] = ".ods",
        ["application/vnd.oasis.opendocument.presentation"] = ".odp",
        ["application/postscript"] = ".ps",
        ["application/ogg"] = ".ogg",
        ["application/mp4"] = ".mp4",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The content type that the first bytes tell; <see cref="Unknown"/> for none.</summary>
    public static string ContentType(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        [(byte)'B', (byte)'M', ..] => "image/bmp",
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "image/vnd.adobe.photoshop",
        [0xFF, 0x0A, ..] or [0, 0, 0, 0x0C, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => "image/jxl",
        [0, 0, 0, 0x0C, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] => "image/jp2",
        [0, 0, 1, 0, ..] => "image/x-icon",
        // Before TIFF, whose structure they have. Those of Nikon, Sony and DNG begin like any TIFF.
        [(byte)'I', (byte)'I', 0x2A, 0, _, _, _, _, (byte)'C', (byte)'R', ..] => "image/x-canon-cr2",
        [(byte)'I', (byte)'I', (byte)'R', (byte)'O' or (byte)'S', ..] or [(byte)'M', (byte)'M', (byte)'O', (byte)'R', ..] =>
            "image/x-olympus-orf",
        [(byte)'I', (byte)'I', (byte)'U', 0, ..] => "image/x-panasonic-rw2",
        [(byte)'F', (byte)'U', (byte)'J', (byte)'I', (byte)'F', (byte)'I', (byte)'L', (byte)'M', (byte)'C', (byte)'C', (byte)'D', ..] =>
            "image/x-fuji-raf",
        [(byte)'I', (byte)'I', 0x2A or 0x2B, 0, ..] or [(byte)'M', (byte)'M', 0, 0x2A or 0x2B, ..] => "image/tiff",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, .. var form] => Riff(form),
        [(byte)'F', (byte)'O', (byte)'R', (byte)'M', _, _, _, _, (byte)'A', (byte)'I', (byte)'F', (byte)'F' or (byte)'C', ..] =>
            "audio/aiff",
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => "audio/flac",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => Ogg(head),
        [(byte)'#', (byte)'!', (byte)'A', (byte)'M', (byte)'R', ..] => "audio/amr",
        [(byte)'c', (byte)'a', (byte)'f', (byte)'f', ..] => "audio/x-caf",
        [(byte)'M', (byte)'T', (byte)'h', (byte)'d', ..] => "audio/midi",
        [(byte)'I', (byte)'D', (byte)'3', ..] => "audio/mpeg",
        [0xFF, 0xF0 or 0xF1 or 0xF8 or 0xF9, ..] => "audio/aac",
        // A frame of MPEG audio: layer III or II, with or without a checksum.
        [0xFF, 0xFA or 0xFB or 0xF2 or 0xF3 or 0xE2 or 0xE3 or 0xFC or 0xFD, ..] => "audio/mpeg",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', .. var brand] => Iso(brand),
        [0x1A, 0x45, 0xDF, 0xA3, ..] => head[..Math.Min(head.Length, 64)].IndexOf("matroska"u8) >= 0 ? "video/x-matroska" : "video/webm",
        [(byte)'F', (byte)'L', (byte)'V', 1, ..] => "video/x-flv",
        [0, 0, 1, 0xBA or 0xB3, ..] => "video/mpeg",
        [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, ..] => "video/x-ms-asf",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "application/pdf",
        [(byte)'P', (byte)'K', 3, 4, ..] => "application/zip",
        [0x1F, 0x8B, 8, ..] => "application/gzip",
        [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => "application/x-7z-compressed",
        [(byte)'{', (byte)'\\', (byte)'r', (byte)'t', (byte)'f', ..] => "application/rtf",
        _ => Unknown,
    };

    /// <summary>The type of a file that its sender gave one: a generic one is looked through.</summary>
    /// <param name="given">What the sender said, with or without parameters; null for nothing.</param>
    /// <param name="head">The first bytes.</param>
    public static string ContentType(string? given, ReadOnlySpan<byte> head)
    {
        var type = MediaType(given);
        if (type is not null && !Generic.Contains(type)) return type;
        var told = ContentType(head);
        // A text has no signature, so that nothing else says that it is one.
        return told == Unknown && "text/plain".Equals(type, StringComparison.OrdinalIgnoreCase) ? "text/plain" : told;
    }

    /// <summary>
    /// The type of a file that a server on the web gave one: the bytes are believed where they are clear, since servers go by names of
    /// files.
    /// </summary>
    /// <param name="given">The server's Content-Type, or null.</param>
    /// <param name="head">The first bytes.</param>
    public static string FetchedType(string? given, ReadOnlySpan<byte> head) =>
        ContentType(head) is var told && told != Unknown && !Containers.Contains(told) ? told : ContentType(given, head);

    /// <summary>A file name's extension for a content type, with its dot.</summary>
    public static string Extension(string contentType)
    {
        var type = MediaType(contentType) ?? Unknown;
        if (Extensions.TryGetValue(type, out var extension)) return extension;
        var name = type[(type.LastIndexOf('/') + 1)..];
        // A real extension is short and plain; vnd.some.thing+xml is none.
        return type != Unknown && name.Length is > 0 and <= 5 && name.All(char.IsAsciiLetterOrDigit)
            ? $".{name.ToLowerInvariant()}"
            : ".bin";
    }

    private static string? MediaType(string? given)
    {
        var type = given is null ? "" : given.Split(';', 2)[0].Trim();
        return type.Length > 0 ? type : null;
    }

    private static string Riff(ReadOnlySpan<byte> form) => form switch
    {
        [(byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        [(byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] => "audio/wav",
        [(byte)'A', (byte)'V', (byte)'I', (byte)' ', ..] => "video/x-msvideo",
        _ => Unknown,
    };

    private static string Ogg(ReadOnlySpan<byte> head)
    {
        var start = head[..Math.Min(head.Length, 64)];
        return start.IndexOf("OpusHead"u8) >= 0 ? "audio/opus" : start.IndexOf("theora"u8) >= 0 ? "video/ogg" : "audio/ogg";
    }

    /// <summary>Pictures, sounds and films share the container of ISO 14496-12; its brand tells them apart.</summary>
    private static string Iso(ReadOnlySpan<byte> brand)
    {
        if (brand.Length < 4) return Unknown;
        return (char)brand[0] switch
        {
            'h' when brand[..4].SequenceEqual("heic"u8) || brand[..4].SequenceEqual("heix"u8) || brand[..4].SequenceEqual("heim"u8)
                || brand[..4].SequenceEqual("heis"u8) =>
                "image/heic",
            'h' when brand[..4].SequenceEqual("hevc"u8) || brand[..4].SequenceEqual("hevx"u8) || brand[..4].SequenceEqual("hevm"u8) =>
                "image/heic-sequence",
            'm' when brand[..4].SequenceEqual("mif1"u8) || brand[..4].SequenceEqual("mif2"u8) =>
                Compatible(brand, "avif"u8) ? "image/avif" : "image/heif",
            'm' when brand[..4].SequenceEqual("msf1"u8) => "image/heif-sequence",
            'a' when brand[..4].SequenceEqual("avif"u8) || brand[..4].SequenceEqual("avis"u8) => "image/avif",
            'c' when brand[..4].SequenceEqual("crx "u8) => "image/x-canon-cr3",
            'j' when brand[..4].SequenceEqual("jp2 "u8) => "image/jp2",
            'M' when brand[..3].SequenceEqual("M4A"u8) || brand[..3].SequenceEqual("M4B"u8) || brand[..3].SequenceEqual("M4P"u8) =>
                "audio/mp4",
            'F' when brand[..4].SequenceEqual("F4A "u8) || brand[..4].SequenceEqual("F4B "u8) => "audio/mp4",
            'q' when brand[..4].SequenceEqual("qt  "u8) => "video/quicktime",
            '3' when brand[..3].SequenceEqual("3g2"u8) => "video/3gpp2",
            '3' when brand[..2].SequenceEqual("3g"u8) => "video/3gpp",
            _ => IsFilm(brand) ? "video/mp4" : Unknown,
        };
    }

    private static bool IsFilm(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("iso"u8) || brand.StartsWith("mp4"u8) || brand.StartsWith("avc1"u8) || brand.StartsWith("M4V"u8)
        || brand.StartsWith("F4V"u8) || brand.StartsWith("f4v"u8)
        || brand.StartsWith("MSNV"u8) || brand.StartsWith("dash"u8) || brand.StartsWith("mmp4"u8) || brand.StartsWith("msdh"u8)
        || brand.StartsWith("NDS"u8) || brand.StartsWith("cmf"u8)
        || brand.StartsWith("hvc1"u8) || brand.StartsWith("av01"u8) || brand.StartsWith("XAVC"u8);

    /// <summary>True when the brand is among those that the file is compatible with, which stand behind the version.</summary>
    private static bool Compatible(ReadOnlySpan<byte> brands, ReadOnlySpan<byte> brand)
    {
        for (var at = 8; at + 4 <= Math.Min(brands.Length, 64); at += 4)
        {
            if (brands.Slice(at, 4).SequenceEqual(brand)) return true;
        }

        return false;
    }
}
