using SkiaSharp;

namespace StashAI.Visage.Imaging;

/// <summary>
/// The upright pixels of a photo (RGBA, opaque, sRGB), with halved copies made on demand so that any crop can be sampled without aliasing.
/// Not thread-safe.
/// </summary>
internal sealed class Photo : IDisposable
{
    private readonly List<SKBitmap> levels;

    /// <param name="upright">Opaque RGBA pixels; the photo takes ownership of the bitmap.</param>
    /// <param name="isIncomplete">True when the file was cut off or damaged and only a part of it could be decoded.</param>
    public Photo(SKBitmap upright, bool isIncomplete)
    {
        levels = [upright];
        IsIncomplete = isIncomplete;
    }

    public int Width => levels[0].Width;

    public int Height => levels[0].Height;

    public bool IsIncomplete { get; }

    /// <summary>False when all pixels have the same colour.</summary>
    public bool HasContent => levels[0].HasContent();

    /// <summary>The most detailed copy that a crop of this scale can use; level n is smaller by 2^n.</summary>
    public PhotoLevel LevelFor(float scale)
    {
        var wanted = scale <= 1 ? 0 : (int)MathF.Floor(MathF.Log2(scale) + 0.3f);
        while (levels.Count <= wanted && levels[^1] is { Width: > 1, Height: > 1 } last)
            levels.Add(Halve(last));

        var index = Math.Min(wanted, levels.Count - 1);
        var bitmap = levels[index];
        return new(bitmap.Pixels(), bitmap.Width, bitmap.Height, 1f / (1 << index));
    }

    /// <summary>A copy of a rectangle of the photo.</summary>
    /// <exception cref="PhotoRefusedException">The rectangle is not within the photo.</exception>
    public Photo Part(int x, int y, int width, int height)
    {
        if (width <= 0 || height <= 0 || x < 0 || y < 0 || (long)x + width > Width || (long)y + height > Height)
        {
            throw new PhotoRefusedException(
                PhotoRefusal.NotAPicture,
                $"has {Width} x {Height} pixels and does not contain a frame of {width} x {height} pixels at x {x}, y {y}");
        }

        var part = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var from = levels[0].Pixels();
        var to = part.Pixels();
        for (var row = 0; row < height; row++)
            from.Slice(((y + row) * Width) + x, width).CopyTo(to[(row * width)..]);
        return new(part, IsIncomplete);
    }

    public void Dispose()
    {
        foreach (var level in levels)
            level.Dispose();
    }

    private static SKBitmap Halve(SKBitmap source)
    {
        var half = new SKBitmap(source.Width / 2, source.Height / 2, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var from = source.Pixels();
        var to = half.Pixels();
        for (var y = 0; y < half.Height; y++)
        {
            var above = from.Slice(2 * y * source.Width, source.Width);
            var below = from.Slice(((2 * y) + 1) * source.Width, source.Width);
            PixelHalving.HalveRows(above, below, to.Slice(y * half.Width, half.Width));
        }

        return half;
    }
}
