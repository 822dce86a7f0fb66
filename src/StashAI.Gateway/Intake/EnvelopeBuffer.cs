using System.Buffers;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Intake;

/// <summary>
/// Builds the envelope: the document without insignificant white space and without members that turn out to be payloads. Commas are written
/// here, because a removed member also removes its comma.
/// </summary>
internal sealed class EnvelopeBuffer(int limit) : IDisposable
{
    /// <summary>Larger arrays are rare, and a pool would keep several for each thread.</summary>
    private const int MaxPooled = 1 << 20;

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(4096);
    private int length;
    private int member;
    private ulong hasElement;

    public ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, length);

    public int Length => length;

    /// <summary>What was written from <paramref name="start"/> on; valid until the next append.</summary>
    public ReadOnlySpan<byte> From(int start) => bytes.AsSpan(start, length - start);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limit - length)
        {
            throw IntakeException.TooLarge(
                "the body without its payloads has too many bytes", IntakeLimits.MaxEnvelopeBytesSetting, limit);
        }

        if (bytes.Length > this.bytes.Length - length)
        {
            var needed = Math.Max(this.bytes.Length * 2, length + bytes.Length);
            var larger = needed > MaxPooled ? LargeArray.Allocate(Math.Min(needed, limit)) : ArrayPool<byte>.Shared.Rent(needed);
            this.bytes.AsSpan(0, length).CopyTo(larger);
            Return(this.bytes);
            this.bytes = larger;
        }

        bytes.CopyTo(this.bytes.AsSpan(length));
        length += bytes.Length;
    }

    public void Append(char ascii) => Append([(byte)ascii]);

    /// <summary>A container has been opened and is now at this depth (1 for the root).</summary>
    public void Opened(int depth) => hasElement &= ~Bit(depth);

    /// <summary>Begins a member or an element in the container at this depth.</summary>
    public void BeginElement(int depth)
    {
        member = length;
        if (depth > 0 && (hasElement & Bit(depth)) != 0)
        {
            Append(',');
        }
    }

    /// <summary>Keeps the last member or element.</summary>
    public void KeepElement(int depth)
    {
        if (depth > 0)
        {
            hasElement |= Bit(depth);
        }
    }

    /// <summary>The member begun last is a payload: forget its name and its comma.</summary>
    public void DropMember() => length = member;

    public void Dispose()
    {
        Return(bytes);
        bytes = [];
        length = 0;
    }

    private static void Return(byte[] array)
    {
        if (array.Length is > 0 and <= MaxPooled) ArrayPool<byte>.Shared.Return(array);
    }

    private static ulong Bit(int depth) => 1UL << (depth - 1);
}
