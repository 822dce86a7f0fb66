using StashAI.Visage.Alignment;
using StashAI.Visage.Detection;
using StashAI.Visage.Embedding;
using StashAI.Visage.Imaging;
using StashAI.Visage.Inference;

namespace StashAI.Visage.Recognition;

/// <summary>All that one thread needs to take a photo apart. For one photo at a time.</summary>
internal sealed class FaceWorkbench(FaceModels models, PhotoDecoder decoder) : IDisposable
{
    // Most real faces have a length of 3 and more, sharp profiles down to 2.05; what is no face has 1.6 to 2.1.
    private const float MinQuality = 2.0f;
    private const float CropMargin = 1.4f;

    private readonly FaceDetector detector = new(models);
    private readonly LandmarkFinder landmarks = new(models);
    private readonly FaceEmbedder embedder = new(models);

    /// <exception cref="PhotoRefusedException">The bytes are no usable picture.</exception>
    public AnalysedPhoto Analyse(ReadOnlySpan<byte> file, CancellationToken cancellationToken)
    {
        using var photo = decoder.Decode(file);
        var faces = new List<DetectedFace>();
        foreach (var box in detector.Detect(photo))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Examine(photo, box) is { } face)
                faces.Add(face);
        }

        faces.Sort((a, b) => Prominence(b, photo).CompareTo(Prominence(a, photo)));
        return new(photo.Width, photo.Height, photo.IsIncomplete, faces);
    }

    public void Dispose()
    {
        detector.Dispose();
        landmarks.Dispose();
        embedder.Dispose();
    }

    private DetectedFace? Examine(Photo photo, in FaceBox box)
    {
        var points = landmarks.Find(photo, box);
        var embedding = embedder.Embed(photo, SimilarityTransform.FromAlignedToPhoto(points));
        if (embedding.Quality < MinQuality)
            return null;

        var side = MathF.Max(box.Width, box.Height) * CropMargin;
        return new(box, points, embedding, FaceCropEncoder.Encode(photo, box.Centre, side, box.Angle));
    }

    /// <summary>Large and in the middle is what the photographer meant.</summary>
    private static float Prominence(DetectedFace face, Photo photo)
    {
        var aside = MathF.Abs((face.Box.Centre.X / photo.Width) - 0.5f) + MathF.Abs((face.Box.Centre.Y / photo.Height) - 0.5f);
        return face.Box.Area * (1.5f - aside) * face.Box.Score;
    }
}
