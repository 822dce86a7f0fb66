namespace StashAI.Visage.Gallery;

/// <summary>A face to store: its vector (512 numbers, length 1), its quality, its picture, and the photo that it comes from.</summary>
internal sealed record GalleryFace(float[] Vector, float Quality, byte[]? Jpeg, string Source)
{
    /// <summary>The id of a face that is or was in a gallery; null for a new one.</summary>
    public Guid? Id { get; init; }

    /// <summary>When it was enrolled; null for now.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
