using StashAI.Visage.Imaging;

namespace StashAI.Visage.Detection;

/// <summary>Overlapping parts of a photo at a larger scale, in which small faces are seen.</summary>
internal static class DetectionTiles
{
    private const float Overlap = 0.3f;
    private const float EdgePixels = 2;

    /// <summary>Below this scale (photo pixels per input pixel) the detector sees all that is there.</summary>
    private const float FinestScale = 1.2f;
    private const int MaxTiles = 64;

    /// <summary>Tiles at half the scale of the whole photo; with <paramref name="allScales"/> at the following halves too.</summary>
    public static IEnumerable<DetectionView> Of(Photo photo, bool allScales, int width, int height)
    {
        var whole = MathF.Max((float)photo.Width / width, (float)photo.Height / height);
        var count = 0;
        for (var scale = whole / 2; scale >= FinestScale; scale /= 2)
        {
            var (columns, rows) = (Steps(photo.Width, scale * width), Steps(photo.Height, scale * height));
            count += columns * rows;
            if (count > MaxTiles)
                yield break;

            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                    yield return Tile(photo, scale, width, height, (column, columns), (row, rows));
            }

            if (!allScales)
                yield break;
        }
    }

    private static int Steps(float length, float tile) => length <= tile ? 1 : 1 + (int)MathF.Ceiling((length - tile) / (tile * (1 - Overlap)));

    private static DetectionView Tile(Photo photo, float scale, int width, int height, (int At, int Of) column, (int At, int Of) row)
    {
        var centre = new Point2(Centre(photo.Width, scale * width, column), Centre(photo.Height, scale * height, row));
        return DetectionView.Centred(centre, scale, turns: 0, width, height) with
        {
            IsCloseLook = true,
            Inner = (
                column.At == 0 ? float.MinValue : EdgePixels,
                row.At == 0 ? float.MinValue : EdgePixels,
                column.At == column.Of - 1 ? float.MaxValue : width - EdgePixels,
                row.At == row.Of - 1 ? float.MaxValue : height - EdgePixels),
        };
    }

    private static float Centre(float length, float tile, (int At, int Of) step) =>
        step.Of == 1 ? length / 2 : (tile / 2) + ((length - tile) * step.At / (step.Of - 1));
}
