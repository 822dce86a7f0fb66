namespace StashAI.Visage.Imaging;

/// <summary>Turns the bytes of a picture file (JPEG, PNG, WebP, GIF, BMP) into an upright <see cref="Photo"/>.</summary>
internal sealed class PhotoDecoder(long maxPixels)
{
    /// <summary>Reads the header.</summary>
    /// <exception cref="PhotoRefusedException">The bytes are no picture, or one with too many pixels.</exception>
    public Picture Open(ReadOnlySpan<byte> file) => Picture.Open(file, maxPixels);

    /// <summary>The first frame.</summary>
    /// <exception cref="PhotoRefusedException">The bytes are no picture, or one with too many pixels.</exception>
    public Photo Decode(ReadOnlySpan<byte> file)
    {
        using var picture = Open(file);
        return picture.Decode();
    }
}
