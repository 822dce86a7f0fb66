namespace StashAI.Hosting.Pictures;

/// <summary>Recognises the format of a picture by its content, never by its name.</summary>
public static class PictureKinds
{
    private const int Jpeg8Bits = 8;

    private static ReadOnlySpan<byte> JpegXlContainer => [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 13, 10, 0x87, 10];

    /// <summary>The kind of a whole file; damaged files give any kind, and never an exception.</summary>
    public static PictureKind Of(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
            return JpegHeader.TryRead(file, out var jpeg) && !IsCommon(jpeg) ? PictureKind.RareJpeg : PictureKind.Common;
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || file.StartsWith(JpegXlContainer))
            return PictureKind.JpegXl;
        if (RawPreview.IsRaw(file))
            return PictureKind.Raw;
        if (TiffFile.IsTiff(file))
            return PictureKind.Tiff;
        return IsoBoxes.IsIso(file) ? OfBrands(file) : PictureKind.Common;
    }

    /// <summary>Whether Skia decodes the JPEG.</summary>
    internal static bool IsCommon(in JpegHeader jpeg) => jpeg.Precision == Jpeg8Bits && jpeg.Process is 0xC0 or 0xC1 or 0xC2;

    /// <summary>The brands of an ISO file: the main one, and after its version those that it is compatible with.</summary>
    private static PictureKind OfBrands(ReadOnlySpan<byte> file)
    {
        var boxes = new IsoBoxes(file).GetEnumerator();
        if (!boxes.MoveNext())
            return PictureKind.Common;
        var isHeif = false;
        for (var brands = boxes.Content; brands.Length >= 4; brands = brands[4..])
        {
            var brand = brands[..4];
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
                return PictureKind.Avif;
            isHeif |= brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) || brand.SequenceEqual("mif2"u8)
                || (brand[0] == 'h' && brand[1] == 'e' && brand[2] is (byte)'i' or (byte)'v');
        }

        return isHeif ? PictureKind.Heif : PictureKind.Common;
    }
}
