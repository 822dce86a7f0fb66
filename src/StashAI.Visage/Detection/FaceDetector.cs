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
    private const byte LetterboxGrey = 127;

    private readonly ModelRun run = new(
        models.Detector, "input", [1, 3, InputHeight, InputWidth], ("scores", [1, Anchors, 2]), ("boxes", [1, Anchors, 4]));

    /// <summary>The faces of the photo; in a photo that was turned, one face may come once for each orientation.</summary>
    public List<FaceBox> Detect(Photo photo, DetectionDetail detail, CancellationToken cancellationToken)
    {
        var boxes = new List<FaceBox>();
        DetectIn(photo, DetectionView.Whole(photo, turns: 0, InputWidth, InputHeight), boxes);
        if (detail == DetectionDetail.Fine || (detail == DetectionDetail.Auto && MaySeeMore(photo, boxes)))
        {
            foreach (var tile in DetectionTiles.Of(photo, detail == DetectionDetail.Fine, InputWidth, InputHeight))
            {
                cancellationToken.ThrowIfCancellationRequested();
                DetectIn(photo, tile, boxes);
            }
        }

        if (detail == DetectionDetail.Fine || (detail == DetectionDetail.Auto && boxes.Count == 0))
        {
            for (var turns = 1; turns < 4; turns++)
                DetectIn(photo, DetectionView.Whole(photo, turns, InputWidth, InputHeight), boxes);
        }

        // Which of two orientations is right is known when the face has been looked at.
        return [.. boxes.GroupBy(box => box.Turns).SelectMany(turn => OverlapFilter.Apply([.. turn]))];
    }

    public void Dispose() => run.Dispose();

    /// <summary>Where no face is found, or one that is small for the photo, there may be smaller ones.</summary>
    private static bool MaySeeMore(Photo photo, List<FaceBox> boxes) =>
        boxes.Count == 0 || boxes.Min(box => box.Height) < SmallPart * MathF.Min(photo.Width, photo.Height);

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
