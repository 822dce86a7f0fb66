using StashAI.Visage.Imaging;

namespace StashAI.Visage.Detection;

/// <summary>A part of a photo, turned by quarter turns clockwise, as the detector sees it.</summary>
/// <param name="ToPhoto">The map from the detector's input to the photo.</param>
/// <param name="Turns">Quarter turns clockwise.</param>
/// <param name="Inner">The area of the input, in its pixels, that must contain a face; another tile finds the faces outside of it.</param>
/// <param name="IsCloseLook">True for a tile or a turned photo; false for the whole photo as it is.</param>
internal readonly record struct DetectionView(
    Affine ToPhoto, int Turns, (float Left, float Top, float Right, float Bottom) Inner, bool IsCloseLook)
{
    private static readonly (float, float, float, float) Everywhere = (float.MinValue, float.MinValue, float.MaxValue, float.MaxValue);

    /// <summary>Whether the edge of the view cuts the box, so that only a part of the face is visible.</summary>
    public bool Cuts(float left, float top, float right, float bottom) =>
        left < Inner.Left || top < Inner.Top || right > Inner.Right || bottom > Inner.Bottom;

    /// <summary>The whole photo, centred in the input with bars at the sides.</summary>
    public static DetectionView Whole(Photo photo, int turns, int width, int height)
    {
        var isSideways = (turns & 1) == 1;
        float spanX = isSideways ? photo.Height : photo.Width, spanY = isSideways ? photo.Width : photo.Height;
        var scale = MathF.Max(spanX / width, spanY / height);
        return Centred(new(photo.Width / 2f, photo.Height / 2f), scale, turns, width, height);
    }

    /// <summary>A part of the photo around a point, at a scale in photo pixels per input pixel.</summary>
    public static DetectionView Centred(Point2 centre, float scale, int turns, int width, int height)
    {
        // Exact values for quarter turns: the sine of a rounded pi/2 would blur the picture.
        var (cos, sin) = (turns & 3) switch { 0 => (1f, 0f), 1 => (0f, -1f), 2 => (-1f, 0f), _ => (0f, 1f) };
        float a = scale * cos, b = -scale * sin, d = scale * sin, e = scale * cos;
        return new(
            new(a, b, centre.X - (a * width / 2) - (b * height / 2), d, e, centre.Y - (d * width / 2) - (e * height / 2)),
            turns & 3,
            Everywhere,
            IsCloseLook: turns != 0);
    }
}
