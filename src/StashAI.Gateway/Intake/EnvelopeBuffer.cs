using System.Buffers;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake;

/// <summary>
/// Builds the envelope: the document without insignificant white space and without members that turn out to be payloads. Commas are written
/// here, because a removed member also removes its comma.
/// </summary>
internal sealed class EnvelopeBuffer(int limit) : IDisposable
{
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
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(this.bytes.Length * 2, length + bytes.Length));
            this.bytes.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(this.bytes);
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
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
        length = 0;
    }

    private static ulong Bit(int depth) => 1UL << (depth - 1);
}
