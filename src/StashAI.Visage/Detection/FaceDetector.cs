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
    private const byte LetterboxGrey = 127;

    private readonly ModelRun run = new(
        models.Detector, "input", [1, 3, InputHeight, InputWidth], ("scores", [1, Anchors, 2]), ("boxes", [1, Anchors, 4]));

    /// <summary>The faces of the photo, the surest first.</summary>
    public List<FaceBox> Detect(Photo photo)
    {
        var boxes = new List<FaceBox>();
        DetectIn(photo, DetectionView.Whole(photo, turns: 0, InputWidth, InputHeight), boxes);
        return OverlapFilter.Apply(boxes);
    }

    public void Dispose() => run.Dispose();

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
            if (right > left && bottom > top)
            {
                var scale = view.ToPhoto.Scale;
                var centre = view.ToPhoto.Map((left + right) / 2, (top + bottom) / 2);
                found.Add(new(centre, (right - left) * scale, (bottom - top) * scale, score, view.Turns));
            }
        }
    }
}
