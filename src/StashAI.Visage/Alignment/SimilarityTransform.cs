using StashAI.Visage.Imaging;

namespace StashAI.Visage.Alignment;

/// <summary>Aligns a face as the feature model was trained: 112 x 112 pixels, with the five landmarks at fixed positions.</summary>
internal static class SimilarityTransform
{
    private static readonly Point2[] Template =
    [
        new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f), new(41.5493f, 92.3655f), new(70.7299f, 92.2041f),
    ];

    /// <summary>
    /// The map from the aligned crop to the photo: the rotation, uniform scale and translation with the least squared error.
    /// </summary>
    public static Affine FromAlignedToPhoto(in FaceLandmarks face)
    {
        ReadOnlySpan<Point2> found = [face.LeftEye, face.RightEye, face.Nose, face.LeftMouth, face.RightMouth];
        var foundMean = Point2.Mean(found);
        var templateMean = Point2.Mean(Template);

        float along = 0, across = 0, spread = 0;
        for (var i = 0; i < found.Length; i++)
        {
            var from = found[i] - foundMean;
            var to = Template[i] - templateMean;
            along += (from.X * to.X) + (from.Y * to.Y);
            across += (from.X * to.Y) - (from.Y * to.X);
            spread += (from.X * from.X) + (from.Y * from.Y);
        }

        // If all landmarks coincide there is no direction; a small spread keeps the numbers finite.
        spread = MathF.Max(spread, 1e-3f);
        float a = along / spread, b = across / spread;
        if ((a * a) + (b * b) < 1e-12f)
            a = 1e-3f;
        var toAligned = new Affine(
            a, -b, templateMean.X - (a * foundMean.X) + (b * foundMean.Y), b, a, templateMean.Y - (b * foundMean.X) - (a * foundMean.Y));
        return toAligned.Inverse();
    }
}
