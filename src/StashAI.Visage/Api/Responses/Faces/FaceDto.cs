namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>
/// A face of a photo. <see cref="Confidence"/> is the detector's score (0 to 1), <see cref="Quality"/> is the length of the raw feature
/// vector, and <see cref="Ambiguous"/> means that the second person is almost as close as the first.
/// </summary>
internal sealed record FaceDto
{
    /// <summary>The face as a JPEG; null for one of thousands of a video.</summary>
    public required byte[]? Image { get; init; }

    public required double Confidence { get; init; }

    public required IReadOnlyList<PerformerDto> Performers { get; init; }

    public required BoxDto Box { get; init; }

    public required LandmarksDto Landmarks { get; init; }

    public required double Quality { get; init; }

    public bool Ambiguous { get; init; }

    public string? Embedding { get; init; }
}
