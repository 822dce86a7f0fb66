namespace StashAI.Visage.Imaging;

/// <summary>
/// A map from the plane of a crop to the plane of its photo: x = A·u + B·v + C, y = D·u + E·v + F. Pixel centres are at
/// half-integers in both planes.
/// </summary>
internal readonly record struct Affine(float A, float B, float C, float D, float E, float F)
{
    /// <summary>The number of photo pixels per crop pixel, along one side.</summary>
    public float Scale => MathF.Sqrt(MathF.Abs((A * E) - (B * D)));

    public Point2 Map(float u, float v) => new((A * u) + (B * v) + C, (D * u) + (E * v) + F);

    public Point2 Map(Point2 point) => Map(point.X, point.Y);

    /// <summary>
    /// Maps a crop with sides of <paramref name="size"/> pixels to a square of the photo, turned by <paramref name="angle"/> radians.
    /// </summary>
    public static Affine Square(Point2 centre, float side, float angle, int size)
    {
        var step = side / size;
        var (sin, cos) = MathF.SinCos(angle);
        float a = step * cos, b = -step * sin, d = step * sin, e = step * cos;
        var half = size / 2f;
        return new(a, b, centre.X - (a * half) - (b * half), d, e, centre.Y - (d * half) - (e * half));
    }

    /// <summary>The inverse map, from the photo to the crop.</summary>
    public Affine Inverse()
    {
        var determinant = (A * E) - (B * D);
        float a = E / determinant, b = -B / determinant, d = -D / determinant, e = A / determinant;
        return new(a, b, -(a * C) - (b * F), d, e, -(d * C) - (e * F));
    }
}
