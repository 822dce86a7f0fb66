namespace StashAI.Visage.Imaging;

/// <summary>A point in pixels; (0, 0) is the outer corner of the top left pixel.</summary>
internal readonly record struct Point2(float X, float Y)
{
    public static Point2 operator +(Point2 a, Point2 b) => new(a.X + b.X, a.Y + b.Y);

    public static Point2 operator -(Point2 a, Point2 b) => new(a.X - b.X, a.Y - b.Y);

    public static Point2 operator *(Point2 a, float factor) => new(a.X * factor, a.Y * factor);

    public static Point2 Mean(ReadOnlySpan<Point2> points)
    {
        Point2 sum = default;
        foreach (var point in points)
            sum += point;
        return sum * (1f / points.Length);
    }
}
