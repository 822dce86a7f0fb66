using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using StashAI.Hosting.Bodies;
using StashAI.Visage.Embedding;

namespace StashAI.Visage.Api;

/// <summary>An embedding on the wire: base64 of 512 little-endian floats.</summary>
internal static class EmbeddingText
{
    public static string Write(float[] vector) => Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()));

    /// <summary>Reads and brings to length one; null when the text is no embedding. What was written here comes back bit by bit.</summary>
    public static float[]? Read(string? text)
    {
        var vector = new float[FaceEmbedding.Dimensions];
        if (text is null || !Base64Reader.TryRead(Encoding.UTF8.GetBytes(text), out var bytes, out _) || bytes.Length != vector.Length * sizeof(float))
            return null;

        bytes.Span.CopyTo(MemoryMarshal.AsBytes(vector.AsSpan()));

        var length = TensorPrimitives.Norm<float>(vector);
        if (!float.IsFinite(length) || length < 1e-3f)
            return null;
        if (MathF.Abs(length - 1) > 1e-5f)
            TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }
}
