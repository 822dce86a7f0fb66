namespace StashAI.Visage.Recognition;

/// <summary>What was found in a photo; faces are in order of prominence. Sizes are those of the upright photo in pixels.</summary>
internal sealed record AnalysedPhoto(int Width, int Height, bool IsIncomplete, IReadOnlyList<DetectedFace> Faces)
{
    /// <summary>The frame of an animated picture on which the faces are; null for the first.</summary>
    public int? Frame { get; init; }
}
