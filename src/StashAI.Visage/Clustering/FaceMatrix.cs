using System.Numerics;
using System.Numerics.Tensors;

namespace StashAI.Visage.Clustering;

/// <summary>
/// Groups of vectors, each as the sum of its members in one row of a matrix. The mean cosine between two groups is the product of their
/// sums divided by the product of their sizes, so no cosine of two members has to be kept: memory grows with the number of vectors, never
/// with its square.
/// </summary>
internal sealed class FaceMatrix
{
    private readonly float[] sums;
    private readonly int[] sizes;

    /// <param name="vectors">Unit vectors of one length.</param>
    public FaceMatrix(IReadOnlyList<float[]> vectors)
    {
        Count = vectors.Count;
        var length = Count == 0 ? 0 : vectors[0].Length;
        Width = (length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        sums = new float[checked(Count * Width)];
        sizes = new int[Count];
        for (var i = 0; i < Count; i++)
        {
            vectors[i].CopyTo(sums.AsSpan(i * Width, Width));
            sizes[i] = 1;
        }
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The length of the vectors, rounded up to what the processor adds at once.</summary>
    public int Width { get; }

    public ReadOnlySpan<float> Sums => sums;

    public int SizeOf(int row) => sizes[row];

    public ReadOnlySpan<float> SumOf(int row) => sums.AsSpan(row * Width, Width);

    public float MeanCosine(int one, int other) => Mean(VectorProducts.OfTwo(sums, Width, one, other), one, other);

    /// <summary>The mean cosine of two groups with this product of their sums.</summary>
    public float Mean(float product, int one, int other) => product / ((float)sizes[one] * sizes[other]);

    /// <summary>Adds the members of one group to another.</summary>
    public void Merge(int from, int into)
    {
        var target = sums.AsSpan(into * Width, Width);
        TensorPrimitives.Add(target, SumOf(from), target);
        sizes[into] += sizes[from];
    }
}
