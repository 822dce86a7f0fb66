namespace StashAI.Queue.Model.Tasks;

/// <summary>A stored binary part of a task's input.</summary>
/// <param name="Key">The payload's internal key.</param>
/// <param name="Slot">Which part of the input it is, for example `image`.</param>
/// <param name="DataUrlPrefix">The data-URL prefix that the client sent, or null.</param>
/// <param name="Size">Size in bytes, decoded.</param>
/// <param name="Bytes">The whole of a small part, where a claim brought it along; empty when it has to be read.</param>
public sealed record PayloadRef(long Key, string Slot, string? DataUrlPrefix, long Size, ReadOnlyMemory<byte> Bytes = default)
{
    /// <summary>Claims bring parts up to so many bytes along: for small ones a read of their own costs more than the call.</summary>
    public const int SmallSize = 16 * 1024;
}
