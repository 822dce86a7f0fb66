using StashAI.Visage.Inference;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Tests.Measurements;

/// <summary>Counts how often each model runs for some photos, and repeats these runs without any other work.</summary>
internal sealed class RunCounts
{
    private int detector;
    private int landmarks;
    private int features;

    public void Count(AnalysedPhoto photo)
    {
        detector++;
        landmarks += 2 * photo.Faces.Count;
        features += 2 * photo.Faces.Count;
    }

    public void RunModels(FaceModels models, double times)
    {
        using var detect = new ModelRun(models.Detector, "input", [1, 3, 240, 320], ("scores", [1, 4420, 2]), ("boxes", [1, 4420, 4]));
        using var landmark = new ModelRun(
            models.Landmarks, models.Landmarks.InputNames[0], [1, 1, 64, 64], (models.Landmarks.OutputNames[0], [1, 136]));
        using var feature = new ModelRun(models.Features, "input", [1, 3, 112, 112], ("output", [1, 512]));
        Repeat(detect, detector * times);
        Repeat(landmark, landmarks * times);
        Repeat(feature, features * times);
    }

    private static void Repeat(ModelRun run, double times)
    {
        // Zeros would be faster than the pixels of a photo.
        var random = new Random(1);
        foreach (ref var value in run.Input)
            value = (random.NextSingle() * 2) - 1;
        for (var i = 0; i < times; i++)
            run.Run();
    }
}
