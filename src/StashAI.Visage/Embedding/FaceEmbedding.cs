namespace StashAI.Visage.Embedding;

/// <summary>
/// A face as a vector of 512 numbers with length 1. The quality is the vector's length before scaling: the higher, the clearer the face.
/// </summary>
internal readonly record struct FaceEmbedding(float[] Vector, float Quality)
{
    public const int Dimensions = 512;
}
