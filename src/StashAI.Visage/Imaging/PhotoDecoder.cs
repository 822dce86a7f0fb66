namespace StashAI.Visage.Imaging;

/// <summary>Decodes a picture file to an upright <see cref="Photo"/>.</summary>
internal sealed class PhotoDecoder(long maxPixels)
{
    /// <summary>Reads the header.</summary>
    /// <exception cref="PhotoRefusedException">The bytes are not a picture, or it has too many pixels.</exception>
    public Picture Open(ReadOnlySpan<byte> file) => Picture.Open(file, maxPixels);

    /// <summary>Decodes the first frame.</summary>
    /// <exception cref="PhotoRefusedException">The bytes are not a picture, or it has too many pixels.</exception>
    public Photo Decode(ReadOnlySpan<byte> file)
    {
        using var picture = Open(file);
        return picture.Decode();
    }
}
