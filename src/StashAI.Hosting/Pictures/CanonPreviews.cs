namespace StashAI.Hosting.Pictures;

/// <summary>Finds the JPEGs of a CR3 file: the full-sized one, which is a track, and the preview, which is a box.</summary>
internal static class CanonPreviews
{
    private const int MaxDepth = 8;
    private const int UuidLength = 16;

    /// <summary>The most bytes between the start of a Canon box and the box inside that has the preview.</summary>
    private const int MaxPrefix = 16;

    public static void Find(ReadOnlySpan<byte> file, List<(long Offset, long Length)> places, ref int orientation) =>
        Search(file, file, depth: 0, places, ref orientation);

    private static void Search(
        ReadOnlySpan<byte> file, ReadOnlySpan<byte> content, int depth, List<(long Offset, long Length)> places, ref int orientation)
    {
        foreach (var box in new IsoBoxes(content))
        {
            if (box.Type.SequenceEqual("uuid"u8) && box.Content.Length > UuidLength)
            {
                SearchCanonBox(file, box.Content[UuidLength..], places, ref orientation);
            }
            else if (box.Type.SequenceEqual("stbl"u8))
            {
                AddTrack(box.Content, places);
            }
            else if (depth < MaxDepth && (box.Type.SequenceEqual("moov"u8) || box.Type.SequenceEqual("trak"u8)
                || box.Type.SequenceEqual("mdia"u8) || box.Type.SequenceEqual("minf"u8)))
            {
                Search(file, box.Content, depth + 1, places, ref orientation);
            }
        }
    }

    private static void SearchCanonBox(
        ReadOnlySpan<byte> file, ReadOnlySpan<byte> content, List<(long Offset, long Length)> places, ref int orientation)
    {
        foreach (var box in new IsoBoxes(content))
        {
            if (box.Type.SequenceEqual("CMT1"u8) && TiffFile.TryOpen(box.Content, out var tiff))
                orientation = PictureOrientation.Read(tiff);
        }

        // The box PRVW comes after a few bytes of which nothing is known, and its JPEG after its own few.
        var name = content[..Math.Min(content.Length, MaxPrefix)].IndexOf("PRVW"u8);
        if (name < 0)
            return;
        var start = content[name..][..Math.Min(content.Length - name, 32)].IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD8]);
        if (start >= 0 && file.Overlaps(content[(name + start)..], out var offset))
            places.Add((offset, content.Length - name - start));
    }

    /// <summary>The first sample of a track; whether it is a JPEG is for the caller to see.</summary>
    private static void AddTrack(ReadOnlySpan<byte> table, List<(long Offset, long Length)> places)
    {
        long offset = 0, length = 0;
        foreach (var box in new IsoBoxes(table))
        {
            var content = box.Content;
            if (box.Type.SequenceEqual("stsz"u8) && content.Length >= 12)
            {
                // One size for all samples, or else a list of sizes.
                length = RawPreview.ReadUInt32(content[4..]);
                if (length == 0 && content.Length >= 16)
                    length = RawPreview.ReadUInt32(content[12..]);
            }
            else if (box.Type.SequenceEqual("co64"u8) && content.Length >= 16)
            {
                offset = ((long)RawPreview.ReadUInt32(content[8..]) << 32) | RawPreview.ReadUInt32(content[12..]);
            }
            else if (box.Type.SequenceEqual("stco"u8) && content.Length >= 12)
            {
                offset = RawPreview.ReadUInt32(content[8..]);
            }
        }

        places.Add((offset, length));
    }
}
