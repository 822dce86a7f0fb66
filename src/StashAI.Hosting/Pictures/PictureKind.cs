namespace StashAI.Hosting.Pictures;

/// <summary>The formats of pictures, by what it takes to decode them.</summary>
public enum PictureKind
{
    /// <summary>Not recognised, or a format that Skia decodes: PNG, WebP, GIF, BMP, and JPEG of 8 bits.</summary>
    Common,

    /// <summary>A JPEG that Skia does not decode: 12 bits per sample, lossless, or with arithmetic coding.</summary>
    RareJpeg,

    /// <summary>HEIC and its relatives.</summary>
    Heif,

    Avif,

    JpegXl,

    Tiff,

    /// <summary>A camera's RAW file. Only the JPEG that the camera stored inside it is used.</summary>
    Raw,
}
