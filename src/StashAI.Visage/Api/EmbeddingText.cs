using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using StashAI.Hosting.Bodies;
using StashAI.Visage.Embedding;
using StashAI.Visage.Hosting;

namespace StashAI.Visage.Api;

/// <summary>An embedding as the API sends it: base64 of 512 little-endian floats.</summary>
internal static class EmbeddingText
{
    public static string Write(float[] vector) => Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()));

    /// <summary>Reads the embedding of a face of an earlier answer.</summary>
    /// <param name="text">The embedding.</param>
    /// <param name="field">The field of the request that holds the face.</param>
    /// <exception cref="RequestRefusedException">The text is not an embedding.</exception>
    public static float[] ReadOrRefuse(string? text, string field) => Read(text) ?? throw RequestRefusedException.Unprocessable(
        $"{field}.embedding", $"{field}.embedding must be the embedding of a face in an earlier answer: base64 of 512 floats.");

    /// <summary>
    /// Reads an embedding and scales it to length 1; null when the text is not an embedding. What <see cref="Write"/> wrote is returned bit
    /// for bit.
    /// </summary>
    public static float[]? Read(string? text)
    {
        var vector = new float[FaceEmbedding.Dimensions];
        if (text is null || !Base64Reader.TryRead(Encoding.UTF8.GetBytes(text), out var bytes, out _)
            || bytes.Length != vector.Length * sizeof(float))
        {
            return null;
        }

        bytes.Span.CopyTo(MemoryMarshal.AsBytes(vector.AsSpan()));

        var length = TensorPrimitives.Norm<float>(vector);
        if (!float.IsFinite(length) || length < 1e-3f)
            return null;
        if (MathF.Abs(length - 1) > 1e-5f)
            TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }
}
