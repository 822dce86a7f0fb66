using StashAI.Visage.Detection;
using StashAI.Visage.Imaging;
using StashAI.Visage.Inference;

namespace StashAI.Visage.Alignment;

/// <summary>Finds the eyes, nose and mouth of a detected face. Not thread-safe.</summary>
internal sealed class LandmarkFinder(FaceModels models) : IDisposable
{
    private const int InputSize = 64;
    private const int PointCount = 68;
    private const float RefinedExtent = 1.25f;
    private const float RefinedRise = 0.08f;

    private readonly ModelRun run = new(
        models.Landmarks,
        models.Landmarks.InputNames[0],
        [1, 1, InputSize, InputSize],
        (models.Landmarks.OutputNames[0], [1, 2 * PointCount]));

    private readonly Point2[] points = new Point2[PointCount];

    public FaceLandmarks Find(Photo photo, in FaceBox box)
    {
        FindPoints(photo, Affine.Square(box.Centre, box.Height, box.Angle, InputSize));
        var roll = FivePoints().Roll;

        // The first pass uses the detector's box; the second uses a crop in which the face is upright and well framed.
        FindPoints(photo, RefinedCrop(roll));
        return FivePoints();
    }

    public void Dispose() => run.Dispose();

    private void FindPoints(Photo photo, in Affine crop)
    {
        CropSampler.SampleGrey(photo, crop, InputSize, InputSize, border: 0, run.Input);
        run.Run();
        var output = run.Output();
        for (var i = 0; i < PointCount; i++)
            points[i] = crop.Map(output[2 * i] * InputSize, output[(2 * i) + 1] * InputSize);
    }

    private Affine RefinedCrop(float roll)
    {
        var (sin, cos) = MathF.SinCos(roll);
        float left = float.MaxValue, top = float.MaxValue, right = float.MinValue, bottom = float.MinValue;
        foreach (var point in points)
        {
            float across = (point.X * cos) + (point.Y * sin), along = (point.Y * cos) - (point.X * sin);
            left = MathF.Min(left, across);
            right = MathF.Max(right, across);
            top = MathF.Min(top, along);
            bottom = MathF.Max(bottom, along);
        }

        var side = MathF.Max(1, RefinedExtent * MathF.Max(right - left, bottom - top));
        float middle = (left + right) / 2, height = ((top + bottom) / 2) - (RefinedRise * side);
        return Affine.Square(new((middle * cos) - (height * sin), (middle * sin) + (height * cos)), side, roll, InputSize);
    }

    private FaceLandmarks FivePoints() => new(
        Point2.Mean([points[37], points[38], points[40], points[41]]),
        Point2.Mean([points[43], points[44], points[46], points[47]]),
        points[30],
        Point2.Mean([points[48], points[60]]),
        Point2.Mean([points[54], points[64]]));
}
