namespace StashAI.Storage.Payloads;

/// <summary>Where the bytes of a payload are in a file.</summary>
/// <param name="File">The name of the file in the folder of payloads.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Size">How many there are.</param>
/// <param name="Sha256">Their SHA-256.</param>
/// <param name="Checksum">Their XXH3, see <see cref="PayloadCheck"/>; null for those of older versions.</param>
internal sealed record PayloadPlace(string File, long Offset, long Size, byte[] Sha256, long? Checksum = null);
