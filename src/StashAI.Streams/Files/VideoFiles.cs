namespace StashAI.Streams.Files;

/// <summary>Which files of a folder are videos that the face service reads, by their extension.</summary>
public static class VideoFiles
{
    /// <summary>The extensions without their dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [
        "mp4", "m4v", "mov", "qt", "3gp", "3g2", "mkv", "webm", "avi", "divx", "wmv", "asf", "flv", "f4v", "mpg", "mpeg", "m2v", "vob",
        "ts", "mts", "m2ts", "ogv", "ogm",
    ];
}
