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
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
    private int _length;
    private int _member;
    private ulong _hasElement;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public int Length => _length;

    /// <summary>The bytes from <paramref name="start"/> on; valid until the next append.</summary>
    public ReadOnlySpan<byte> From(int start) => _bytes.AsSpan(start, _length - start);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limit - _length)
        {
            throw IntakeException.TooLarge(
                "the body without its payloads has too many bytes", IntakeLimits.MaxEnvelopeBytesSetting, limit);
        }

        if (bytes.Length > _bytes.Length - _length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + bytes.Length));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Append(char ascii) => Append([(byte)ascii]);

    /// <summary>Notes that a container was opened at this depth (1 for the root).</summary>
    public void Opened(int depth) => _hasElement &= ~Bit(depth);

    /// <summary>Begins a member or an element in the container at this depth.</summary>
    public void BeginElement(int depth)
    {
        _member = _length;
        if (depth > 0 && (_hasElement & Bit(depth)) != 0)
        {
            Append(',');
        }
    }

    /// <summary>Keeps the last member or element.</summary>
    public void KeepElement(int depth)
    {
        if (depth > 0)
        {
            _hasElement |= Bit(depth);
        }
    }

    /// <summary>Removes the last member, which is a payload, with its name and comma.</summary>
    public void DropMember() => _length = _member;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private static ulong Bit(int depth) => 1UL << (depth - 1);
}
