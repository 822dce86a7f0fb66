using System.Buffers.Binary;

namespace StashAI.Visage.Tests.Formats;

/// <summary>Small files with the structure of cameras' RAW files: a thumbnail, a larger JPEG, and the sensor's data.</summary>
internal static class RawFiles
{
    public static readonly string[] Cameras = ["cr2", "cr3", "nef", "arw", "dng", "orf", "old-orf", "raf", "rw2"];

    private const ushort S = TiffBuilder.Short, L = TiffBuilder.Long, U = TiffBuilder.Undefined;

    /// <summary>A file of a camera.</summary>
    /// <param name="camera">One of <see cref="Cameras"/>.</param>
    /// <param name="thumbnail">A JPEG that is smaller than the other.</param>
    /// <param name="jpeg">The JPEG to be found.</param>
    /// <param name="orientation">The EXIF orientation that the RAW file declares.</param>
    public static byte[] Make(string camera, byte[] thumbnail, byte[] jpeg, ushort orientation = 1)
    {
        (ushort, ushort, uint, uint) turned = (274, S, 1, orientation);
        switch (camera)
        {
            case "cr2":
                {
                    var tiff = new TiffBuilder("II*\0"u8);
                    uint small = tiff.Add(thumbnail), large = tiff.Add(jpeg), lossless = tiff.Add(LosslessJpeg());
                    var third = tiff.AddDirectory(0, (259, S, 1, 6), (273, L, 1, lossless), (279, L, 1, (uint)LosslessJpeg().Length));
                    var second = tiff.AddDirectory(third, (513, L, 1, small), (514, L, 1, (uint)thumbnail.Length));
                    var first = tiff.AddDirectory(second, (259, S, 1, 6), (273, L, 1, large), turned, (279, L, 1, (uint)jpeg.Length));
                    var file = tiff.Build(first);
                    "CR\x02\0"u8.CopyTo(file.AsSpan(8));
                    return file;
                }

            case "nef":
                {
                    var tiff = new TiffBuilder("MM\0*"u8);
                    uint small = tiff.Add(thumbnail), large = tiff.Add(jpeg);
                    var preview = tiff.AddDirectory(0, (259, S, 1, 6), (513, L, 1, large), (514, L, 1, (uint)jpeg.Length));
                    var sensor = tiff.AddDirectory(0, (259, S, 1, 34713), (262, S, 1, 32803));
                    var list = new byte[8];
                    BinaryPrimitives.WriteUInt32BigEndian(list, preview);
                    BinaryPrimitives.WriteUInt32BigEndian(list.AsSpan(4), sensor);
                    var directories = tiff.Add(list);
                    return tiff.Build(
                        tiff.AddDirectory(0, turned, (330, L, 2, directories), (513, L, 1, small), (514, L, 1, (uint)thumbnail.Length)));
                }

            case "arw":
                {
                    var tiff = new TiffBuilder("II*\0"u8);
                    uint small = tiff.Add(thumbnail), large = tiff.Add(jpeg);
                    var sensor = tiff.AddDirectory(0, (259, S, 1, 32767), (262, S, 1, 32803));
                    var second = tiff.AddDirectory(0, (513, L, 1, small), (514, L, 1, (uint)thumbnail.Length));
                    return tiff.Build(tiff.AddDirectory(
                        second, turned, (330, L, 1, sensor), (513, L, 1, large), (514, L, 1, (uint)jpeg.Length)));
                }

            case "dng":
                {
                    var tiff = new TiffBuilder("II*\0"u8);
                    uint small = tiff.Add(thumbnail), large = tiff.Add(jpeg);
                    var preview = tiff.AddDirectory(0, (259, S, 1, 7), (273, L, 1, large), (279, L, 1, (uint)jpeg.Length));
                    return tiff.Build(tiff.AddDirectory(
                        0, (259, S, 1, 7), (273, L, 1, small), turned, (279, L, 1, (uint)thumbnail.Length), (330, L, 1, preview),
                        (50706, TiffBuilder.Byte, 4, 0x00000401)));
                }

            case "orf":
                return Orf("IIRO"u8, turned, Olympus(jpeg));

            case "old-orf":
                {
                    var tiff = new TiffBuilder("IIRS"u8);
                    var large = tiff.Add(jpeg);
                    var settings = tiff.AddDirectory(0, (0x101, L, 1, large), (0x102, L, 1, (uint)jpeg.Length));
                    var note = tiff.Add("OLYMP\0\x01\0"u8);
                    var inside = tiff.AddDirectory(0, (0x2020, L, 1, settings));
                    if (inside != note + 8) throw new InvalidOperationException("The maker note must be in one piece.");
                    var exif = tiff.AddDirectory(0, (37500, U, 26, note));
                    return tiff.Build(tiff.AddDirectory(0, turned, (34665, L, 1, exif)));
                }

            case "rw2":
                {
                    var tiff = new TiffBuilder("IIU\0"u8);
                    var large = tiff.Add(jpeg);
                    return tiff.Build(tiff.AddDirectory(0, (46, U, (uint)jpeg.Length, large), turned));
                }

            case "raf":
                {
                    byte[] file = [.. "FUJIFILMCCD-RAW 0201FF383501X-T1"u8, .. new byte[68], .. jpeg];
                    BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(84), 100);
                    BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(88), jpeg.Length);
                    return file;
                }

            default:
                return Cr3(thumbnail, jpeg, orientation);
        }
    }

    /// <summary>A JPEG of the lossless process, as which some cameras store their sensor's data; it has the most pixels.</summary>
    private static byte[] LosslessJpeg() => [0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 14, 0x20, 0, 0x20, 0, 1, 1, 0x11, 0];

    private static byte[] Orf(ReadOnlySpan<byte> magic, (ushort, ushort, uint, uint) turned, byte[] note)
    {
        var tiff = new TiffBuilder(magic);
        var place = tiff.Add(note);
        var exif = tiff.AddDirectory(0, (37500, U, (uint)note.Length, place));
        return tiff.Build(tiff.AddDirectory(0, turned, (34665, L, 1, exif)));
    }

    /// <summary>
    /// A maker note, whose offsets count from its start: the name, the byte order, a directory of one entry, the directory it leads to, and
    /// the JPEG.
    /// </summary>
    private static byte[] Olympus(byte[] jpeg)
    {
        const int First = 12, Second = First + 18, Jpeg = Second + 30;
        byte[] Entry(ushort tag, int value) => [(byte)tag, (byte)(tag >> 8), 4, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(value)];
        return
        [
            .. "OLYMPUS\0II\x03\0"u8, 1, 0, .. Entry(0x2020, Second), 0, 0, 0, 0,
            2, 0, .. Entry(0x101, Jpeg), .. Entry(0x102, jpeg.Length), 0, 0, 0, 0, .. jpeg,
        ];
    }

    private static byte[] Cr3(byte[] thumbnail, byte[] jpeg, ushort orientation)
    {
        var tiff = new TiffBuilder("II*\0"u8);
        var camera = tiff.Build(tiff.AddDirectory(0, (274, S, 1, orientation)));
        var canon = Box("uuid"u8, [.. new byte[16], .. Box("CMT1"u8, camera)]);
        byte[] start = [.. Box("ftyp"u8, [.. "crx "u8, 0, 0, 0, 1, .. "crx isom"u8])];
        byte[] preview = Box("uuid"u8, [.. new byte[24], .. Box("PRVW"u8, [.. new byte[16], .. thumbnail])]);
        byte[] Movie(int offset)
        {
            var place = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(place, offset);
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, jpeg.Length);
            var table = Box("stbl"u8, [
                .. Box("stsz"u8, [.. new byte[8], 0, 0, 0, 1, .. length]), .. Box("co64"u8, [0, 0, 0, 0, 0, 0, 0, 1, .. place])]);
            return Box("moov"u8, [.. canon, .. Box("trak"u8, Box("mdia"u8, Box("minf"u8, table)))]);
        }

        var data = start.Length + Movie(0).Length + preview.Length + 8;
        return [.. start, .. Movie(data), .. preview, .. Box("mdat"u8, jpeg)];
    }

    internal static byte[] Box(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var box = new byte[8 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        type.CopyTo(box.AsSpan(4));
        content.CopyTo(box.AsSpan(8));
        return box;
    }
}
