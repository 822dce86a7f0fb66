using StashAI.Visage.Imaging;
using StashAI.Visage.Inference;

namespace StashAI.Visage.Detection;

/// <summary>Finds the faces of a photo. Not thread-safe.</summary>
internal sealed class FaceDetector(FaceModels models) : IDisposable
{
    private const int InputWidth = 320;
    private const int InputHeight = 240;
    private const int Anchors = 4420;
    private const float MinScore = 0.7f;
    private const float SmallFaceShare = 1 / 8f;

    /// <summary>At this scale the detector finds faces of 100 pixels; a photo of 12 megapixels reaches it after one halving.</summary>
    private const float CloseScale = 6.6f;

    /// <summary>The size, in input pixels, near which the detector begins to miss faces.</summary>
    private const float MinReliablePixels = 20;
    private const byte LetterboxGrey = 127;

    private readonly ModelRun run = new(
        models.Detector, "input", [1, 3, InputHeight, InputWidth], ("scores", [1, Anchors, 2]), ("boxes", [1, Anchors, 4]));

    /// <summary>The faces that are upright after the photo is turned by this many quarter turns clockwise.</summary>
    public List<FaceBox> Detect(Photo photo, DetectionDetail detail, int turns, CancellationToken cancellationToken)
    {
        var boxes = new List<FaceBox>();
        // In the right orientation it is as reliable as an upright photo.
        DetectIn(photo, DetectionView.Whole(photo, turns, InputWidth, InputHeight) with { IsCloseLook = false }, boxes);
        if (detail == DetectionDetail.Fine || (detail == DetectionDetail.Auto && MayHaveSmallerFaces(photo, boxes)))
            DetectInTiles(photo, detail, turns, boxes, cancellationToken);
        return OverlapFilter.Apply(boxes);
    }

    /// <summary>Detects faces in the whole turned photo, with a single run of the model.</summary>
    public List<FaceBox> DetectOnce(Photo photo, int turns)
    {
        var boxes = new List<FaceBox>();
        DetectIn(photo, DetectionView.Whole(photo, turns, InputWidth, InputHeight), boxes);
        return OverlapFilter.Apply(boxes);
    }

    public void Dispose() => run.Dispose();

    /// <summary>If no face is found, or one that is small for the photo, there may be smaller ones.</summary>
    private static bool MayHaveSmallerFaces(Photo photo, List<FaceBox> boxes) =>
        boxes.Count == 0 || boxes.Min(box => box.Height) < SmallFaceShare * MathF.Min(photo.Width, photo.Height);

    /// <summary>
    /// Searches one level of tiles. In large photos it goes on with finer levels while it finds no face, or one that is barely large enough
    /// to be found.
    /// </summary>
    private void DetectInTiles(Photo photo, DetectionDetail detail, int turns, List<FaceBox> boxes, CancellationToken cancellationToken)
    {
        foreach (var (scale, tiles) in DetectionTiles.Levels(photo, turns, InputWidth, InputHeight))
        {
            foreach (var tile in tiles)
            {
                cancellationToken.ThrowIfCancellationRequested();
                DetectIn(photo, tile, boxes);
            }

            if (detail == DetectionDetail.Auto
                && (scale <= CloseScale || (boxes.Count > 0 && boxes.Min(box => box.Height) >= MinReliablePixels * scale)))
            {
                return;
            }
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
