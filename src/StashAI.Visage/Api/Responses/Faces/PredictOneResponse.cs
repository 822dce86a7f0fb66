namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>The people found for the most prominent face, and that face.</summary>
internal sealed record PredictOneResponse(
    IReadOnlyList<IReadOnlyList<PerformerDto>> Data, FaceDto? Face, int ImageWidth, int ImageHeight, bool Incomplete, double ThresholdCosine)
{
    /// <summary>Which frame of an animated picture the faces are on; null for the first.</summary>
    public int? Frame { get; init; }
}
