namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>The people found for the most prominent face, and that face.</summary>
internal sealed record PredictOneResponse(
    IReadOnlyList<IReadOnlyList<PerformerDto>> Data, FaceDto? Face, int ImageWidth, int ImageHeight, bool Incomplete,
    double ThresholdCosine)
{
    /// <summary>The index of the frame of an animated picture that shows the faces; null for the first frame.</summary>
    public int? Frame { get; init; }
}
