using StashAI.Storage.Backups;

namespace StashAI.Server.Backups;

/// <summary>A line of the list of payloads.</summary>
/// <param name="File">The name of its file.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Size">How many there are.</param>
/// <param name="Sha256">Their SHA-256, in hexadecimal digits.</param>
/// <param name="State">
/// Null when the backup has the bytes; <see cref="Outside"/>, <see cref="Removed"/> or <see cref="Damaged"/> when it does not.
/// </param>
internal sealed record IndexedPayload(string File, long Offset, long Size, string Sha256, string? State = null)
{
    /// <summary>It is in an object of a bucket, which the backup names.</summary>
    public const string Outside = "outside";

    /// <summary>Its job was deleted while the backup was made.</summary>
    public const string Removed = "removed";

    /// <summary>The queue itself had lost it.</summary>
    public const string Damaged = "damaged";

    public static IndexedPayload Of(NamedPayload payload, string? state) =>
        new(payload.File, payload.Offset, payload.Size, Convert.ToHexStringLower(payload.Sha256), state);
}
