namespace StashAI.Visage.Embedding;

/// <summary>A face as 512 numbers of length one, and the length before, which tells how much of a face it is.</summary>
internal readonly record struct FaceEmbedding(float[] Vector, float Quality)
{
    public const int Dimensions = 512;
}
