using System.Numerics;
using System.Runtime.InteropServices;

namespace StashAI.Visage.Clustering;

/// <summary>
/// Dot products of rows of one matrix, several at a time, so that each number that is loaded serves several products. A product is the
/// same to the bit whichever method computes it and in whichever order its two rows are given.
/// </summary>
internal static class VectorProducts
{
    /// <summary>How many rows of the left side <see cref="OfFour"/> takes at once.</summary>
    public const int Rows = 4;

    /// <summary>The products of four rows with two rows: at 2i and 2i + 1 those of the i-th of the four.</summary>
    public static void OfFour(ReadOnlySpan<float> matrix, int width, ReadOnlySpan<int> four, int left, int right, Span<float> products)
    {
        ref var start = ref MemoryMarshal.GetReference(matrix);
        var (a, b, c, d) = (At(four[0], width), At(four[1], width), At(four[2], width), At(four[3], width));
        var (x, y) = (At(left, width), At(right, width));
        Vector<float> ax = default, ay = default, bx = default, by = default, cx = default, cy = default, dx = default, dy = default;
        for (nuint k = 0; k < (nuint)width; k += (nuint)Vector<float>.Count)
        {
            var (vx, vy) = (Vector.LoadUnsafe(ref start, x + k), Vector.LoadUnsafe(ref start, y + k));
            var row = Vector.LoadUnsafe(ref start, a + k);
            ax = Vector.MultiplyAddEstimate(row, vx, ax);
            ay = Vector.MultiplyAddEstimate(row, vy, ay);
            row = Vector.LoadUnsafe(ref start, b + k);
            bx = Vector.MultiplyAddEstimate(row, vx, bx);
            by = Vector.MultiplyAddEstimate(row, vy, by);
            row = Vector.LoadUnsafe(ref start, c + k);
            cx = Vector.MultiplyAddEstimate(row, vx, cx);
            cy = Vector.MultiplyAddEstimate(row, vy, cy);
            row = Vector.LoadUnsafe(ref start, d + k);
            dx = Vector.MultiplyAddEstimate(row, vx, dx);
            dy = Vector.MultiplyAddEstimate(row, vy, dy);
        }

        (products[0], products[1], products[2], products[3]) = (Vector.Sum(ax), Vector.Sum(ay), Vector.Sum(bx), Vector.Sum(by));
        (products[4], products[5], products[6], products[7]) = (Vector.Sum(cx), Vector.Sum(cy), Vector.Sum(dx), Vector.Sum(dy));
    }

    /// <summary>The product of two rows.</summary>
    public static float OfTwo(ReadOnlySpan<float> matrix, int width, int left, int right)
    {
        ref var start = ref MemoryMarshal.GetReference(matrix);
        var (a, x) = (At(left, width), At(right, width));
        Vector<float> sum = default;
        for (nuint k = 0; k < (nuint)width; k += (nuint)Vector<float>.Count)
            sum = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref start, a + k), Vector.LoadUnsafe(ref start, x + k), sum);
        return Vector.Sum(sum);
    }

    private static nuint At(int row, int width) => (nuint)row * (nuint)width;
}
