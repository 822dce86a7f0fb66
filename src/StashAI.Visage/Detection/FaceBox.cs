using StashAI.Visage.Imaging;

namespace StashAI.Visage.Detection;

/// <summary>
/// A detected face: its centre in the photo, its size when upright, the detector's score (0 to 1), and by how many quarter turns clockwise
/// the photo was turned when the face was detected. A close look (a tile or a turned photo) finds more faces, but also more false ones.
/// </summary>
internal readonly record struct FaceBox(Point2 Centre, float Width, float Height, float Score, int Turns, bool IsCloseLook)
{
    private bool IsSideways => (Turns & 1) == 1;

    /// <summary>The width in the unturned photo.</summary>
    public float SpanX => IsSideways ? Height : Width;

    /// <summary>The height in the unturned photo.</summary>
    public float SpanY => IsSideways ? Width : Height;

    public float Left => Centre.X - (SpanX / 2);

    public float Top => Centre.Y - (SpanY / 2);

    public float Right => Centre.X + (SpanX / 2);

    public float Bottom => Centre.Y + (SpanY / 2);

    public float Area => Width * Height;

    /// <summary>The angle between the face's horizontal axis and the photo's, in radians.</summary>
    public float Angle => -Turns * MathF.PI / 2;

    public float IntersectionWith(in FaceBox other)
    {
        var width = MathF.Min(Right, other.Right) - MathF.Max(Left, other.Left);
        var height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Top, other.Top);
        return width <= 0 || height <= 0 ? 0 : width * height;
    }
}
