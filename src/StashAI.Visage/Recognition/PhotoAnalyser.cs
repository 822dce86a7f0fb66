using StashAI.Visage.Alignment;
using StashAI.Visage.Detection;
using StashAI.Visage.Embedding;
using StashAI.Visage.Imaging;
using StashAI.Visage.Inference;
using StashAI.Visage.Sprites;

namespace StashAI.Visage.Recognition;

/// <summary>Detects, aligns and embeds the faces of photos. Not thread-safe.</summary>
internal sealed class PhotoAnalyser(FaceModels models, PhotoDecoder decoder) : IDisposable
{
    // Most real faces have a quality of 3 or more, sharp profiles 2. False detections have 1.6 to 2.1, and rarely a high score.
    private const float MinQuality = 2.1f;
    private const float MinQualityAtSureScore = 1.6f;
    private const float SureScore = 0.95f;
    private const float MinQualityAtCloseLook = 2.6f;
    private const float MinUprightQuality = 2.8f;
    private const float MaxRoll = MathF.PI / 4;
    private const float CropMargin = 1.4f;

    private readonly FaceDetector detector = new(models);
    private readonly LandmarkFinder landmarks = new(models);
    private readonly FaceEmbedder embedder = new(models);

    /// <summary>The faces of a picture. If the first frame of an animated picture shows none, the faces of a later frame.</summary>
    /// <exception cref="PhotoRefusedException">The bytes are not a usable picture.</exception>
    public AnalysedPhoto Analyse(ReadOnlySpan<byte> file, DetectionDetail detail, CancellationToken cancellationToken)
    {
        using var picture = decoder.Open(file);
        AnalysedPhoto first;
        using (var photo = picture.Decode())
            first = Analyse(photo, detail, cancellationToken);
        if (first.Faces.Count > 0)
            return first;
        foreach (var frame in picture.SampledFrames)
        {
            using var photo = picture.Decode(frame);
            if (photo is not null && Analyse(photo, detail, cancellationToken) is { Faces.Count: > 0 } later)
                return later with { Frame = frame };
        }

        return first;
    }

    /// <summary>The faces of each part of a sprite sheet; each part is treated as a separate photo.</summary>
    /// <exception cref="PhotoRefusedException">The bytes are not a usable picture, or a part is not within it.</exception>
    public IReadOnlyList<AnalysedPhoto> AnalyseParts(
        ReadOnlySpan<byte> file, IReadOnlyList<SpriteCue> parts, CancellationToken cancellationToken)
    {
        using var sheet = decoder.Decode(file);
        var photos = new List<AnalysedPhoto>(parts.Count);
        foreach (var part in parts)
        {
            using var photo = sheet.Part(part.X, part.Y, part.Width, part.Height);
            photos.Add(Analyse(photo, DetectionDetail.Fast, cancellationToken));
        }

        return photos;
    }

    /// <summary>The faces of pixels.</summary>
    public AnalysedPhoto Analyse(Photo photo, DetectionDetail detail, CancellationToken cancellationToken)
    {
        var faces = new List<DetectedFace>();
        // Skip pictures of a single colour, such as the first frame of many animations.
        if (photo.HasContent)
        {
            Examine(photo, detector.Detect(photo, detail, turns: 0, cancellationToken), faces, cancellationToken);
            if (detail == DetectionDetail.Fine || (detail == DetectionDetail.Auto && !faces.Exists(IsUpright)))
                AnalyseTurned(photo, detail, faces, cancellationToken);
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

    /// <summary>Searches the photo in its other orientations, and closely in the best one.</summary>
    private void AnalyseTurned(Photo photo, DetectionDetail detail, List<DetectedFace> faces, CancellationToken cancellationToken)
    {
        var best = (Turns: 0, Quality: 0f);
        for (var turns = 1; turns < 4; turns++)
        {
            var seen = new List<DetectedFace>();
            Examine(photo, detector.DetectOnce(photo, turns), seen, cancellationToken);
            var quality = seen.Where(IsUpright).Sum(face => face.Embedding.Quality);
            if (quality > best.Quality)
                best = (turns, quality);
            seen.ForEach(face => AddBest(faces, face));
        }

        if (best.Turns == 0)
            return;
        // The closer search finds these faces again, and more.
        faces.RemoveAll(face => face.Box.Turns == best.Turns);
        Examine(photo, detector.Detect(photo, detail, best.Turns, cancellationToken), faces, cancellationToken);
    }

    private void Examine(Photo photo, List<FaceBox> boxes, List<DetectedFace> faces, CancellationToken cancellationToken)
    {
        foreach (var box in boxes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Examine(photo, box) is { } face)
                AddBest(faces, face);
        }
    }

    /// <summary>Whether this is a clear face that is level when the photo is turned: then the orientation is right.</summary>
    private static bool IsUpright(DetectedFace face) =>
        face.Embedding.Quality >= MinUprightQuality
        && MathF.Abs(MathF.IEEERemainder(face.Landmarks.Roll - face.Box.Angle, MathF.Tau)) < MaxRoll;

    /// <summary>Adds a face. If it was already found in another orientation, only the one with the higher quality stays.</summary>
    private static void AddBest(List<DetectedFace> faces, DetectedFace face)
    {
        var same = faces.FindIndex(other => other.Box.Turns != face.Box.Turns && AreNear(other.Box, face.Box));
        if (same < 0)
            faces.Add(face);
        else if (face.Embedding.Quality > faces[same].Embedding.Quality)
            faces[same] = face;
    }

    /// <summary>
    /// Whether two boxes can be the same face. The box of a face found in a wrong orientation lies beside the face, so overlap is not
    /// enough.
    /// </summary>
    private static bool AreNear(in FaceBox a, in FaceBox b)
    {
        var offset = a.Centre - b.Centre;
        return MathF.Max(MathF.Abs(offset.X), MathF.Abs(offset.Y)) < 0.6f * MathF.Max(a.Height, b.Height);
    }

    private DetectedFace? Examine(Photo photo, in FaceBox box)
    {
        var points = landmarks.Find(photo, box);
        var embedding = embedder.Embed(photo, SimilarityTransform.FromAlignedToPhoto(points));
        var required = box.IsCloseLook ? MinQualityAtCloseLook : box.Score >= SureScore ? MinQualityAtSureScore : MinQuality;
        if (embedding.Quality < required)
            return null;

        var side = MathF.Max(box.Width, box.Height) * CropMargin;
        return new(box, points, embedding, PhotoEncoder.EncodeSquare(photo, box.Centre, side, box.Angle));
    }

    /// <summary>Ranks faces: large ones near the middle of the photo first.</summary>
    private static float Prominence(DetectedFace face, Photo photo)
    {
        var distance = MathF.Abs((face.Box.Centre.X / photo.Width) - 0.5f) + MathF.Abs((face.Box.Centre.Y / photo.Height) - 0.5f);
        return face.Box.Area * (1.5f - distance) * face.Box.Score;
    }
}
