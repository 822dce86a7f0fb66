namespace StashAI.Visage.Gallery;

/// <summary>A face to store: its vector (512 numbers, length 1), its quality, its picture, and the photo that it comes from.</summary>
internal sealed record GalleryFace(float[] Vector, float Quality, byte[]? Jpeg, string Source);
