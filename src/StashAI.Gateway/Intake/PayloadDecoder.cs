using System.Buffers;
using System.Diagnostics;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Bodies;

namespace StashAI.Gateway.Intake;

/// <summary>
/// Decodes the base64 of payloads, one after the other, with the limit of an item. Decoded bytes are collected in a pooled buffer that the
/// caller empties; a body without payloads takes none.
/// </summary>
internal sealed class PayloadDecoder(long maxItemBytes) : IDisposable
{
    /// <summary>The space for one more append; with less, the caller must empty the buffer.</summary>
    private const int Reserve = JsonScanner.MaxPiece;
    private const int Capacity = 4 * Reserve;

    private byte[] buffer = [];
    private Base64Reader? reader;
    private PayloadPath path;
    private int length;
    private long decoded;

    /// <summary>The data URL prefix of this payload, up to its comma.</summary>
    public string? Prefix => reader?.Prefix;

    /// <summary>Decoded bytes not yet taken.</summary>
    public ReadOnlyMemory<byte> Pending => buffer.AsMemory(0, length);

    public bool IsFull => length > Capacity - Reserve;

    public PayloadPath Path => path;

    public void Start(PayloadPath path)
    {
        Debug.Assert(length == 0, "the caller empties the buffer between payloads");
        this.path = path;
        decoded = 0;
        if (buffer.Length == 0) buffer = ArrayPool<byte>.Shared.Rent(Capacity);
        (reader ??= new Base64Reader()).Start();
    }

    /// <summary>Appends characters, at most <see cref="JsonScanner.MaxPiece"/>.</summary>
    public void Append(ReadOnlySpan<byte> text) => Add(reader!.TryAppend(text, buffer.AsSpan(length), out var written), written);

    /// <summary>Ends the payload.</summary>
    public void Complete()
    {
        Add(reader!.TryComplete(buffer.AsSpan(length), out var written), written);
        if (decoded == 0) throw IntakeException.Unusable(path, "is empty", "send the bytes of one item as base64, or leave the item out");
    }

    /// <summary>Removes the pending bytes after the caller has taken them.</summary>
    public void Clear() => length = 0;

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void Add(bool isRead, int written)
    {
        if (!isRead) throw IntakeException.Unusable(path, reader!.Error!, Base64Reader.Advice);
        length += written;
        decoded += written;
        if (decoded > maxItemBytes)
        {
            throw IntakeException.TooLarge($"{path} has too many bytes", IntakeLimits.MaxItemBytesSetting, maxItemBytes, path);
        }
    }
}
