namespace StashAI.Queue.Model.Tasks;

/// <summary>A stored binary part of a task's input.</summary>
/// <param name="Key">The payload's internal key.</param>
/// <param name="Slot">Which part of the input it is, for example <c>image</c>.</param>
/// <param name="DataUrlPrefix">The data-URL prefix that the client sent; may be null.</param>
/// <param name="Size">The size in bytes, decoded.</param>
/// <param name="Bytes">The content of a small part that a claim has loaded; empty when it must be read.</param>
public sealed record PayloadRef(long Key, string Slot, string? DataUrlPrefix, long Size, ReadOnlyMemory<byte> Bytes = default)
{
    /// <summary>Where the bytes are, when a claim has read that along; null for bytes in rows, or when it must be looked up.</summary>
    public PayloadPlace? Place { get; init; }

    /// <summary>The largest part, in bytes, that a claim loads: reading a small part separately would cost more than the call.</summary>
    public const int SmallSize = 16 * 1024;
}
