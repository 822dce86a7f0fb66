using System.Buffers.Binary;

namespace StashAI.Streams.Codings;

/// <summary>The sum of RFC 1950.</summary>
internal sealed class Adler32
{
    private const uint Base = 65521;

    /// <summary>So many bytes can be added before the sums overflow.</summary>
    private const int MaxRun = 5552;

    private uint low = 1;
    private uint high;

    /// <summary>The sum as it stands behind the data.</summary>
    public byte[] Bytes
    {
        get
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (high << 16) | low);
            return bytes;
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var run = bytes[..Math.Min(bytes.Length, MaxRun)];
            foreach (var value in run)
            {
                low += value;
                high += low;
            }

            low %= Base;
            high %= Base;
            bytes = bytes[run.Length..];
        }
    }
}
