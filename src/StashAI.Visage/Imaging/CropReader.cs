using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StashAI.Visage.Imaging;

/// <summary>Reads the colours of a crop pixel by pixel, from the photo's level with the matching scale.</summary>
internal readonly ref struct CropReader
{
    private readonly PhotoLevel level;
    private readonly Affine map;
    private readonly Vector128<float> border;

    public CropReader(Photo photo, in Affine toPhoto, byte borderGrey)
    {
        level = photo.LevelFor(toPhoto.Scale);
        var s = level.Scale;
        map = new(toPhoto.A * s, toPhoto.B * s, toPhoto.C * s, toPhoto.D * s, toPhoto.E * s, toPhoto.F * s);
        border = Vector128.Create((float)borderGrey);
    }

    /// <summary>One bilinear sample. The level's scale is within a factor of 1.6 of the crop's, so hardly any pixel is skipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> At(int x, int y)
    {
        var point = map.Map(x + 0.5f, y + 0.5f);
        return level.Sample(point.X, point.Y, border);
    }
}
