using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StashAI.Visage.Imaging;

/// <summary>Combines two rows of pixels into one of half the length: each pixel is the rounded mean of four.</summary>
internal static class PixelHalving
{
    // Two channels are summed in one word; the sum of four bytes needs 10 bits.
    private const uint Mask = 0x00FF00FF;
    private const uint Rounding = 0x00020002;

    public static void HalveRows(ReadOnlySpan<uint> above, ReadOnlySpan<uint> below, Span<uint> half)
    {
        var x = 0;
        ref var first = ref MemoryMarshal.GetReference(above);
        ref var second = ref MemoryMarshal.GetReference(below);
        for (; x + 8 <= half.Length; x += 8)
        {
            var left = HalvePairs(Vector256.LoadUnsafe(ref first, (nuint)(2 * x)), Vector256.LoadUnsafe(ref second, (nuint)(2 * x)));
            var right = HalvePairs(
                Vector256.LoadUnsafe(ref first, (nuint)((2 * x) + 8)), Vector256.LoadUnsafe(ref second, (nuint)((2 * x) + 8)));
            Vector256.Narrow(left, right).CopyTo(half[x..]);
        }

        for (; x < half.Length; x++)
            half[x] = Mean(above[2 * x], above[(2 * x) + 1], below[2 * x], below[(2 * x) + 1]);
    }

    /// <summary>The means of four blocks of 2 x 2, each in the lower half of its 64 bits.</summary>
    private static Vector256<ulong> HalvePairs(Vector256<uint> above, Vector256<uint> below)
    {
        var mask = Vector256.Create(Mask);
        var rounding = Vector256.Create(Rounding);
        var even = ((above & mask) + (below & mask)).AsUInt64();
        var odd = (((above >>> 8) & mask) + ((below >>> 8) & mask)).AsUInt64();
        var evenSum = (even + (even >>> 32)).AsUInt32() + rounding;
        var oddSum = (odd + (odd >>> 32)).AsUInt32() + rounding;
        return (((evenSum >>> 2) & mask) | (((oddSum >>> 2) & mask) << 8)).AsUInt64();
    }

    private static uint Mean(uint a, uint b, uint c, uint d)
    {
        var even = (a & Mask) + (b & Mask) + (c & Mask) + (d & Mask) + Rounding;
        var odd = ((a >> 8) & Mask) + ((b >> 8) & Mask) + ((c >> 8) & Mask) + ((d >> 8) & Mask) + Rounding;
        return ((even >> 2) & Mask) | (((odd >> 2) & Mask) << 8);
    }
}
