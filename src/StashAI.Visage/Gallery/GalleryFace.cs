namespace StashAI.Visage.Gallery;

/// <summary>A face to be kept: its vector (512 numbers of length one), its quality, its picture, and which photo it is from.</summary>
internal sealed record GalleryFace(float[] Vector, float Quality, byte[]? Jpeg, string Source);
