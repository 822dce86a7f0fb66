namespace StashAI.Hosting.Pictures;

/// <summary>Where the JPEG inside a RAW file is.</summary>
/// <param name="Offset">The offset of its first byte; with <paramref name="Length"/> always within the file.</param>
/// <param name="Length">Its bytes; the JPEG may end before them.</param>
/// <param name="Orientation">
/// How the JPEG must be turned, as an EXIF orientation (1 to 8); 0 when the JPEG says so itself, or nothing does.
/// </param>
public readonly record struct RawPreviewPlace(int Offset, int Length, int Orientation)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> file) => file.Slice(Offset, Length);
}
