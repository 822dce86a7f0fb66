namespace StashAI.Visage.Recognition;

/// <summary>The faces found in a photo, the most prominent first. Width and height are those of the upright photo, in pixels.</summary>
internal sealed record AnalysedPhoto(int Width, int Height, bool IsIncomplete, IReadOnlyList<DetectedFace> Faces)
{
    /// <summary>The index of the frame of an animated picture that shows the faces; null for the first frame.</summary>
    public int? Frame { get; init; }
}
