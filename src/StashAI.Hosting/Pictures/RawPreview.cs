namespace StashAI.Hosting.Pictures;

/// <summary>
/// Finds the JPEG that a camera stored inside a RAW file: CR2, CR3, NEF, ARW, DNG, ORF, RAF, RW2 and others with the structure of TIFF. The
/// sensor's data are not decoded.
/// </summary>
public static class RawPreview
{
    private const int MaxDirectories = 64;
    private const ushort Compression = 259, Photometric = 262, StripOffsets = 273, StripLengths = 279, SubDirectories = 330;
    private const ushort JpegOffset = 513, JpegLength = 514, DngVersion = 50706;
    private const ushort ExifDirectory = 34665, MakerNote = 37500, PanasonicJpeg = 46;
    private const ushort OlympusSettings = 0x2020, OlympusPreviewOffset = 0x101, OlympusPreviewLength = 0x102;

    private static ReadOnlySpan<byte> Fuji => "FUJIFILMCCD-RAW "u8;

    /// <summary>Whether the file is a camera's RAW file.</summary>
    public static bool IsRaw(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(Fuji) || IsCanonIso(file) || IsOlympus(file) || IsPanasonic(file))
            return true;
        if (!TiffFile.IsTiff(file) || !TiffFile.TryOpen(file, out var tiff))
            return false;
        if (file[8..].StartsWith("CR"u8))
            return true;
        foreach (var offset in Directories(tiff))
        {
            // A colour filter array, or the sensor's data in linear order; or a coding that only cameras use.
            var directory = tiff.Directory(offset);
            if (directory.Number(DngVersion) is not null || directory.Number(Photometric) is 32803 or 34892
                || directory.Number(Compression) is 34713 or 32767 or 32769 or 32770 or 65535)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The largest JPEG that is within the file; null when there is none.</summary>
    public static RawPreviewPlace? Find(ReadOnlySpan<byte> file)
    {
        var places = new List<(long Offset, long Length)>();
        var orientation = 0;
        if (file.StartsWith(Fuji))
        {
            // Offset and length, big-endian.
            if (file.Length >= 92)
                places.Add((ReadUInt32(file[84..]), ReadUInt32(file[88..])));
        }
        else if (IsCanonIso(file))
        {
            CanonPreviews.Find(file, places, ref orientation);
        }
        else if (TiffFile.TryOpen(file, out var tiff))
        {
            orientation = PictureOrientation.Read(tiff);
            foreach (var offset in Directories(tiff))
                AddJpegs(tiff.Directory(offset), places);
            AddOlympusPreview(file, tiff, places);
        }

        RawPreviewPlace? best = null;
        var most = 0L;
        foreach (var (offset, length) in places)
        {
            if (offset <= 0 || offset >= file.Length || length <= 0)
                continue;
            var size = (int)Math.Min(length, file.Length - offset);
            // The sensor's data may be a lossless JPEG, which is not a preview.
            if (!JpegHeader.TryRead(file.Slice((int)offset, size), out var jpeg) || !PictureKinds.IsCommon(jpeg) || jpeg.Pixels <= most)
                continue;
            most = jpeg.Pixels;
            best = new((int)offset, size, jpeg.HasExif ? 0 : orientation);
        }

        return best;
    }

    internal static uint ReadUInt32(ReadOnlySpan<byte> bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static bool IsOlympus(ReadOnlySpan<byte> file) =>
        file.StartsWith("IIRO"u8) || file.StartsWith("IIRS"u8) || file.StartsWith("MMOR"u8);

    private static bool IsPanasonic(ReadOnlySpan<byte> file) => file.StartsWith("IIU\0"u8);

    private static bool IsCanonIso(ReadOnlySpan<byte> file) => IsoBoxes.IsIso(file) && file[8..].StartsWith("crx "u8);

    /// <summary>The offsets of all directories that hold pictures. A file can lead in circles, so each is visited once.</summary>
    private static List<long> Directories(in TiffFile tiff)
    {
        var found = new List<long>();
        var open = new Queue<long>([tiff.FirstDirectory]);
        while (open.TryDequeue(out var offset) && found.Count < MaxDirectories)
        {
            var directory = tiff.Directory(offset);
            if (directory.Count == 0 || found.Contains(offset))
                continue;
            found.Add(offset);
            open.Enqueue(directory.Next);
            foreach (var inner in directory.Numbers(SubDirectories, MaxDirectories))
                open.Enqueue(inner);
        }

        return found;
    }

    private static void AddJpegs(in TiffDirectory directory, List<(long Offset, long Length)> places)
    {
        if (directory.Number(JpegOffset) is { } start && directory.Number(JpegLength) is { } length)
            places.Add((start, length));
        if (directory.Number(Compression) is 6 or 7 && directory.Numbers(StripOffsets, 2) is [var strip]
            && directory.Number(StripLengths) is { } stripLength)
        {
            places.Add((strip, stripLength));
        }

        if (directory.Bytes(PanasonicJpeg) is { } bytes)
            places.Add(bytes);
    }

    /// <summary>Olympus keeps the place of its preview in the maker note, whose offsets count from the note's own start.</summary>
    private static void AddOlympusPreview(ReadOnlySpan<byte> file, in TiffFile tiff, List<(long Offset, long Length)> places)
    {
        if (tiff.Directory(tiff.FirstDirectory).Number(ExifDirectory) is not { } exif
            || tiff.Directory(exif).Bytes(MakerNote) is not { } place)
        {
            return;
        }

        var note = tiff.Slice(place.Offset, file.Length);
        if (note.StartsWith("OLYMPUS\0"u8) && note.Length > 12)
        {
            // The byte order follows the name, and the directory follows the byte order; the offsets count from the name.
            byte[] header = [.. note.Slice(8, 2), 0, 0, 0, 0, 0, 0];
            if (TiffFile.TryOpen(header, out var order))
                AddOlympusSettings(order.Over(note).At(12), place.Offset, places);
        }
        else if (note.StartsWith("OLYMP\0"u8))
        {
            AddOlympusSettings(tiff.At(place.Offset + 8), 0, places);
        }
    }

    private static void AddOlympusSettings(in TiffFile note, long start, List<(long Offset, long Length)> places)
    {
        var directory = note.Directory(note.FirstDirectory);
        var offset = directory.Number(OlympusSettings) ?? directory.Bytes(OlympusSettings)?.Offset;
        if (offset is null)
            return;
        var settings = note.Directory(offset.Value);
        if (settings.Number(OlympusPreviewOffset) is { } preview && settings.Number(OlympusPreviewLength) is { } length)
            places.Add((start + preview, length));
    }
}
