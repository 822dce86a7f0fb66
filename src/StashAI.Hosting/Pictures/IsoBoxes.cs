using System.Buffers.Binary;

namespace StashAI.Hosting.Pictures;

/// <summary>
/// Enumerates the boxes of an ISO base media file (HEIC, AVIF, CR3) or of one of its boxes. A box that is longer than what contains it ends
/// with it.
/// </summary>
public readonly ref struct IsoBoxes(ReadOnlySpan<byte> content)
{
    private readonly ReadOnlySpan<byte> content = content;

    public static bool IsIso(ReadOnlySpan<byte> file) => file.Length >= 12 && file[4..].StartsWith("ftyp"u8);

    public Enumerator GetEnumerator() => new(content);

    public ref struct Enumerator(ReadOnlySpan<byte> content)
    {
        private const int MaxBoxes = 10_000;

        private readonly ReadOnlySpan<byte> content = content;
        private int next;
        private int seen;

        /// <summary>The box's type: four characters.</summary>
        public ReadOnlySpan<byte> Type { get; private set; }

        public ReadOnlySpan<byte> Content { get; private set; }

        /// <summary>Whether the box says that it is longer than the bytes that are there.</summary>
        public bool IsCutOff { get; private set; }

        public readonly Enumerator Current => this;

        public bool MoveNext()
        {
            if (next > content.Length - 8 || ++seen > MaxBoxes)
                return false;
            var rest = content[next..];
            ulong size = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var header = 8;
            if (size == 1)
            {
                if (rest.Length < 16)
                    return false;
                size = BinaryPrimitives.ReadUInt64BigEndian(rest[8..]);
                header = 16;
            }
            else if (size == 0)
            {
                // To the end of the file.
                size = (ulong)rest.Length;
            }

            if (size < (ulong)header)
                return false;
            IsCutOff = size > (ulong)rest.Length;
            var length = IsCutOff ? rest.Length : (int)size;
            Type = rest.Slice(4, 4);
            Content = rest[header..length];
            next += length;
            return true;
        }
    }
}
