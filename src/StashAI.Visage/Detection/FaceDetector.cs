using StashAI.Visage.Imaging;
using StashAI.Visage.Inference;

namespace StashAI.Visage.Detection;

/// <summary>Finds the faces of a photo. For one thread at a time.</summary>
internal sealed class FaceDetector(FaceModels models) : IDisposable
{
    private const int InputWidth = 320;
    private const int InputHeight = 240;
    private const int Anchors = 4420;
    private const float MinScore = 0.7f;
    private const float SmallPart = 1 / 8f;

    /// <summary>At this scale faces of 100 pixels are seen; photos of 12 megapixels come to it by one halving.</summary>
    private const float CloseScale = 6.6f;

    /// <summary>Input pixels.</summary>
    private const float EdgeOfSight = 20;
    private const byte LetterboxGrey = 127;

    private readonly ModelRun run = new(
        models.Detector, "input", [1, 3, InputHeight, InputWidth], ("scores", [1, Anchors, 2]), ("boxes", [1, Anchors, 4]));

    /// <summary>The faces that stand upright when the photo is turned by so many quarter turns clockwise.</summary>
    public List<FaceBox> Detect(Photo photo, DetectionDetail detail, int turns, CancellationToken cancellationToken)
    {
        var boxes = new List<FaceBox>();
        // Turned rightly, it is as good as a photo that stands upright.
        DetectIn(photo, DetectionView.Whole(photo, turns, InputWidth, InputHeight) with { IsCloseLook = false }, boxes);
        if (detail == DetectionDetail.Fine || (detail == DetectionDetail.Auto && MaySeeMore(photo, boxes)))
            LookCloser(photo, detail, turns, boxes, cancellationToken);
        return OverlapFilter.Apply(boxes);
    }

    /// <summary>The whole photo, turned, at one glance.</summary>
    public List<FaceBox> Glance(Photo photo, int turns)
    {
        var boxes = new List<FaceBox>();
        DetectIn(photo, DetectionView.Whole(photo, turns, InputWidth, InputHeight), boxes);
        return OverlapFilter.Apply(boxes);
    }

    public void Dispose() => run.Dispose();

    /// <summary>Where no face is found, or one that is small for the photo, there may be smaller ones.</summary>
    private static bool MaySeeMore(Photo photo, List<FaceBox> boxes) =>
        boxes.Count == 0 || boxes.Min(box => box.Height) < SmallPart * MathF.Min(photo.Width, photo.Height);

    /// <summary>Closer once; in large photos closer again as long as no face is seen, or one at the edge of what can be seen.</summary>
    private void LookCloser(Photo photo, DetectionDetail detail, int turns, List<FaceBox> boxes, CancellationToken cancellationToken)
    {
        foreach (var (scale, tiles) in DetectionTiles.Levels(photo, turns, InputWidth, InputHeight))
        {
            foreach (var tile in tiles)
            {
                cancellationToken.ThrowIfCancellationRequested();
                DetectIn(photo, tile, boxes);
            }

            if (detail == DetectionDetail.Auto && (scale <= CloseScale || (boxes.Count > 0 && boxes.Min(box => box.Height) >= EdgeOfSight * scale)))
                return;
        }
    }

    private void DetectIn(Photo photo, in DetectionView view, List<FaceBox> found)
    {
        CropSampler.SampleColour(photo, view.ToPhoto, InputWidth, InputHeight, LetterboxGrey, blueFirst: false, run.Input);
        run.Run();

        var scores = run.Output(0);
        var corners = run.Output(1);
        for (var anchor = 0; anchor < Anchors; anchor++)
        {
            var score = scores[(2 * anchor) + 1];
            if (score < MinScore)
                continue;

            var box = corners.Slice(4 * anchor, 4);
            float left = box[0] * InputWidth, top = box[1] * InputHeight, right = box[2] * InputWidth, bottom = box[3] * InputHeight;
            if (right > left && bottom > top && !view.Cuts(left, top, right, bottom))
            {
                var scale = view.ToPhoto.Scale;
                var centre = view.ToPhoto.Map((left + right) / 2, (top + bottom) / 2);
                found.Add(new(centre, (right - left) * scale, (bottom - top) * scale, score, view.Turns, view.IsCloseLook));
            }
        }
    }
}
