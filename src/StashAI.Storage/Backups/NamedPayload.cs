namespace StashAI.Storage.Backups;

/// <summary>A payload in a file, as the queue's rows name it.</summary>
/// <param name="File">The name of the file in the folder of payloads.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Size">How many there are.</param>
/// <param name="Sha256">Their SHA-256, 32 bytes.</param>
public sealed record NamedPayload(string File, long Offset, long Size, byte[] Sha256)
{
    /// <summary>Where its bytes end.</summary>
    public long End => Offset + Size;
}
