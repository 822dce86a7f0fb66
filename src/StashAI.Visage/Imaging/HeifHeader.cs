using StashAI.Hosting.Pictures;

namespace StashAI.Visage.Imaging;

/// <summary>What the boxes of a HEIC or AVIF file say before anything is decoded.</summary>
/// <param name="Width">Of the largest picture in the file.</param>
/// <param name="Height">Of the largest picture in the file.</param>
/// <param name="IsCutOff">Whether a box is longer than the file.</param>
internal readonly record struct HeifHeader(long Width, long Height, bool IsCutOff)
{
    public static HeifHeader Read(ReadOnlySpan<byte> file)
    {
        var header = default(HeifHeader);
        foreach (var box in new IsoBoxes(file))
        {
            if (box.IsCutOff)
                header = header with { IsCutOff = true };
            // A full box: four bytes of version and flags precede its content.
            if (!box.Type.SequenceEqual("meta"u8) || box.Content.Length < 4)
                continue;
            foreach (var properties in new IsoBoxes(box.Content[4..]))
            {
                if (properties.Type.SequenceEqual("iprp"u8))
                    header = ReadProperties(properties.Content, header);
            }
        }

        return header;
    }

    private static HeifHeader ReadProperties(ReadOnlySpan<byte> content, HeifHeader header)
    {
        foreach (var container in new IsoBoxes(content))
        {
            if (!container.Type.SequenceEqual("ipco"u8))
                continue;
            foreach (var property in new IsoBoxes(container.Content))
            {
                if (!property.Type.SequenceEqual("ispe"u8) || property.Content.Length < 12)
                    continue;
                long width = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(property.Content[4..]);
                long height = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(property.Content[8..]);
                if ((Int128)width * height > (Int128)header.Width * header.Height)
                    header = header with { Width = width, Height = height };
            }
        }

        return header;
    }
}
