using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StashAI.Visage.Imaging;

/// <summary>The colours of a crop, pixel by pixel, from the fitting level of the photo.</summary>
internal readonly ref struct CropWalk
{
    private readonly PhotoLevel level;
    private readonly Affine map;
    private readonly Vector128<float> border;
    private readonly bool isShrinking;

    public CropWalk(Photo photo, in Affine toPhoto, byte borderGrey)
    {
        level = photo.LevelFor(toPhoto.Scale);
        var s = level.Scale;
        map = new(toPhoto.A * s, toPhoto.B * s, toPhoto.C * s, toPhoto.D * s, toPhoto.E * s, toPhoto.F * s);
        border = Vector128.Create((float)borderGrey);
        isShrinking = map.Scale > 1.05f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> At(int x, int y)
    {
        if (!isShrinking)
            return Sample(x + 0.5f, y + 0.5f);

        // One tap would skip pixels; four taps see all of them up to a factor of two.
        return (Sample(x + 0.25f, y + 0.25f) + Sample(x + 0.75f, y + 0.25f) + Sample(x + 0.25f, y + 0.75f) + Sample(x + 0.75f, y + 0.75f)) * 0.25f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Sample(float u, float v)
    {
        var point = map.Map(u, v);
        return level.Sample(point.X, point.Y, border);
    }
}
