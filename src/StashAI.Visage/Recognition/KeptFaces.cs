using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using StashAI.Visage.Embedding;

namespace StashAI.Visage.Recognition;

/// <summary>
/// The faces of a photo as the gateway stores them, to match them again later: a byte for the version of the form, then for each face its
/// embedding as 512 numbers of 16 bits, its quality, and its box in pixels (x, y, width and height), as numbers of 32 bits. All are
/// little-endian. A face whose person was erased has zeros for its embedding.
/// </summary>
internal static class KeptFaces
{
    private const byte Form = 1;
    private const int OthersLength = 5 * sizeof(float);
    private const int EmbeddingLength = FaceEmbedding.Dimensions * 2;
    private const int FaceLength = EmbeddingLength + OthersLength;

    public static byte[] Write(IReadOnlyList<DetectedFace> faces)
    {
        var bytes = new byte[1 + (faces.Count * FaceLength)];
        bytes[0] = Form;
        for (var i = 0; i < faces.Count; i++)
        {
            var face = faces[i];
            var target = bytes.AsSpan(1 + (i * FaceLength), FaceLength);
            TensorPrimitives.ConvertToHalf(face.Embedding.Vector, MemoryMarshal.Cast<byte, Half>(target[..EmbeddingLength]));
            var others = target[EmbeddingLength..];
            BinaryPrimitives.WriteSingleLittleEndian(others, face.Embedding.Quality);
            BinaryPrimitives.WriteSingleLittleEndian(others[4..], face.Box.Left);
            BinaryPrimitives.WriteSingleLittleEndian(others[8..], face.Box.Top);
            BinaryPrimitives.WriteSingleLittleEndian(others[12..], face.Box.SpanX);
            BinaryPrimitives.WriteSingleLittleEndian(others[16..], face.Box.SpanY);
        }

        return bytes;
    }

    /// <summary>The embeddings, scaled to length 1, or zeros for faces that were erased; null for bytes of another form.</summary>
    public static IReadOnlyList<float[]>? ReadEmbeddings(ReadOnlySpan<byte> bytes) => Read(bytes)?.ConvertAll(face => face.Vector);

    /// <summary>The embeddings, scaled to length 1, and the quality of each face; null for bytes of another form.</summary>
    public static List<FaceEmbedding>? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != Form || (bytes.Length - 1) % FaceLength != 0) return null;
        var faces = new List<FaceEmbedding>((bytes.Length - 1) / FaceLength);
        for (var at = 1; at < bytes.Length; at += FaceLength)
        {
            var vector = new float[FaceEmbedding.Dimensions];
            if (!bytes.Slice(at, EmbeddingLength).ContainsAnyExcept((byte)0))
            {
                faces.Add(new(vector, 0));
                continue;
            }

            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes.Slice(at, EmbeddingLength)), vector);
            var length = TensorPrimitives.Norm<float>(vector);
            if (!float.IsFinite(length) || length < 1e-3f) return null;
            TensorPrimitives.Divide(vector, length, vector);
            faces.Add(new(vector, BinaryPrimitives.ReadSingleLittleEndian(bytes.Slice(at + EmbeddingLength, sizeof(float)))));
        }

        return faces;
    }

    /// <summary>Whether an embedding of <see cref="ReadEmbeddings"/> is that of an erased face, which must match nobody.</summary>
    public static bool IsErased(float[] vector) => !vector.AsSpan().ContainsAnyExcept(0f);
}
