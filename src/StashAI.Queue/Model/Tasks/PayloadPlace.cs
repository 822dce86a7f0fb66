namespace StashAI.Queue.Model.Tasks;

/// <summary>Where the bytes of a payload are in a segment, a file or an object beside the database.</summary>
/// <param name="File">The name of the segment in its folder or bucket.</param>
/// <param name="Offset">Where the bytes begin.</param>
/// <param name="Size">How many there are.</param>
/// <param name="Sha256">Their SHA-256; may be empty when there is a checksum.</param>
/// <param name="Checksum">Their XXH3 of 64 bits; null for those of older versions.</param>
public sealed record PayloadPlace(string File, long Offset, long Size, ReadOnlyMemory<byte> Sha256, long? Checksum = null);
