namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>
/// The cover of a video and its picked frames with their faces, and the people with the times at which they appear. Width and height are
/// those of the frames as they were analysed, to which the boxes refer.
/// </summary>
internal sealed record VideoResponse(
    CoverDto Cover, IReadOnlyList<FrameDto> Frames, IReadOnlyList<AppearanceDto> People, double? Duration, int ImageWidth, int ImageHeight,
    bool Incomplete, double ThresholdCosine)
{
    /// <summary>Why frames at the end are missing; null when none are.</summary>
    public string? IncompleteReason { get; init; }

    /// <summary>How many faces came without their picture, because the answer would be too large; null for none.</summary>
    public int? PicturesLeftOut { get; init; }

    /// <summary>The version of the gallery; only for the gateway.</summary>
    public long? GalleryVersion { get; init; }

    /// <summary>
    /// The faces of all frames, and then those of a cover that is none of the frames, in the form that the gateway stores, as the last
    /// property; only for the gateway.
    /// </summary>
    public byte[]? KeptFaces { get; init; }
}

/// <summary>
/// The picture that stands for a video: the one that is attached to the file, or else the frame at a time in seconds with the most faces.
/// </summary>
internal sealed record CoverDto(bool Attached, double? Time, byte[] Image, int ImageWidth, int ImageHeight, IReadOnlyList<FaceDto> Faces);
