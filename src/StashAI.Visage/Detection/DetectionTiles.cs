using StashAI.Visage.Imaging;

namespace StashAI.Visage.Detection;

/// <summary>Splits a photo into overlapping, enlarged tiles in which small faces can be detected.</summary>
internal static class DetectionTiles
{
    private const float Overlap = 0.3f;
    private const float EdgePixels = 2;

    /// <summary>Below this scale (photo pixels per input pixel) the detector finds nothing new.</summary>
    private const float FinestScale = 1.2f;

    /// <summary>
    /// The detector finds no face with fewer input pixels than this. No face is larger than the photo's short side, so coarser scales are
    /// skipped.
    /// </summary>
    private const float MinFacePixels = 12;
    private const int MaxTiles = 128;

    /// <summary>The tiles at half the scale of the whole photo, at a quarter and so on, up to <see cref="MaxTiles"/> tiles.</summary>
    public static IEnumerable<(float Scale, IReadOnlyList<DetectionView> Tiles)> Levels(Photo photo, int turns, int width, int height)
    {
        var isSideways = (turns & 1) == 1;
        // The part of the unturned photo that the input covers at a scale of 1.
        float across = isSideways ? height : width, along = isSideways ? width : height;
        var wholeScale = MathF.Max(photo.Width / across, photo.Height / along);
        var coarsest = MathF.Min(photo.Width, photo.Height) / MinFacePixels;
        var count = 0;
        for (var scale = wholeScale / 2; scale >= FinestScale; scale /= 2)
        {
            if (scale > coarsest && scale / 2 >= FinestScale)
                continue;
            var (columns, rows) = (TileCount(photo.Width, scale * across), TileCount(photo.Height, scale * along));
            count += columns * rows;
            if (count > MaxTiles)
                yield break;

            var tiles = new List<DetectionView>(columns * rows);
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var centre = new Point2(
                        Centre(photo.Width, scale * across, (column, columns)), Centre(photo.Height, scale * along, (row, rows)));
                    tiles.Add(DetectionView.Centred(centre, scale, turns, width, height) with
                    {
                        IsCloseLook = true,
                        Inner = InnerArea((column > 0, row > 0, column < columns - 1, row < rows - 1), turns, width, height),
                    });
                }
            }

            yield return (scale, tiles);
        }
    }

    /// <summary>The area that must contain a face, given the sides on which another tile adjoins.</summary>
    private static (float Left, float Top, float Right, float Bottom) InnerArea(
        (bool Left, bool Top, bool Right, bool Bottom) joins, int turns, int width, int height)
    {
        var (left, top, right, bottom) = turns switch
        {
            0 => joins,
            1 => (joins.Bottom, joins.Left, joins.Top, joins.Right),
            2 => (joins.Right, joins.Bottom, joins.Left, joins.Top),
            _ => (joins.Top, joins.Right, joins.Bottom, joins.Left),
        };
        return (
            left ? EdgePixels : float.MinValue,
            top ? EdgePixels : float.MinValue,
            right ? width - EdgePixels : float.MaxValue,
            bottom ? height - EdgePixels : float.MaxValue);
    }

    private static int TileCount(float length, float tile) =>
        length <= tile ? 1 : 1 + (int)MathF.Ceiling((length - tile) / (tile * (1 - Overlap)));

    private static float Centre(float length, float tile, (int At, int Of) step) =>
        step.Of == 1 ? length / 2 : (tile / 2) + ((length - tile) * step.At / (step.Of - 1));
}
