namespace StashAI.Streams.Files;

/// <summary>Which files of a folder are photos that the face service reads, by their extension.</summary>
public static class PhotoFiles
{
    /// <summary>The extensions without their dot, the cameras' RAW formats last.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [
        "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "hif", "avif", "jxl",
        "cr2", "cr3", "nef", "nrw", "arw", "dng", "orf", "raf", "rw2",
    ];

    /// <summary>True when the file's name says that it is a photo.</summary>
    public static bool Holds(string path) => Extensions.Contains(Path.GetExtension(path).TrimStart('.'), StringComparer.OrdinalIgnoreCase);
}
