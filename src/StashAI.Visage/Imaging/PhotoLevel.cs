using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StashAI.Visage.Imaging;

/// <summary>One of the sizes in which a photo is kept, with bilinear sampling. Colours are (R, G, B, A), 0 to 255.</summary>
internal readonly ref struct PhotoLevel(ReadOnlySpan<uint> pixels, int width, int height, float scale)
{
    private readonly ReadOnlySpan<uint> pixels = pixels;

    /// <summary>The pixels of this level per pixel of the full photo, along one side (1, 1/2, 1/4, ...).</summary>
    public float Scale => scale;

    /// <summary>The colour at a point, in pixels of this level; outside the photo it is <paramref name="border"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Sample(float x, float y, Vector128<float> border)
    {
        x -= 0.5f;
        y -= 0.5f;
        float left = MathF.Floor(x), top = MathF.Floor(y);
        // The negation also catches NaN and values that do not fit an int.
        if (!(left >= -1 && top >= -1 && left < width && top < height))
            return border;

        int column = (int)left, row = (int)top;
        Vector128<float> a, b, c, d;
        if (column >= 0 && row >= 0 && column + 1 < width && row + 1 < height)
        {
            var index = (row * width) + column;
            a = Unpack(pixels[index]);
            b = Unpack(pixels[index + 1]);
            c = Unpack(pixels[index + width]);
            d = Unpack(pixels[index + width + 1]);
        }
        else
        {
            a = PixelOr(column, row, border);
            b = PixelOr(column + 1, row, border);
            c = PixelOr(column, row + 1, border);
            d = PixelOr(column + 1, row + 1, border);
        }

        float right = x - left, down = y - top;
        var upper = a + ((b - a) * right);
        var lower = c + ((d - c) * right);
        return upper + ((lower - upper) * down);
    }

    private Vector128<float> PixelOr(int column, int row, Vector128<float> border) =>
        (uint)column < (uint)width && (uint)row < (uint)height ? Unpack(pixels[(row * width) + column]) : border;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Unpack(uint pixel)
    {
        var bytes = Vector128.CreateScalarUnsafe(pixel).AsByte();
        var shorts = Vector128.WidenLower(bytes);
        return Vector128.ConvertToSingle(Vector128.WidenLower(shorts).AsInt32());
    }
}
