namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>The faces of one photo, as the only element of <see cref="Data"/>, and the size of the upright photo.</summary>
internal sealed record PredictResponse(
    IReadOnlyList<IReadOnlyList<FaceDto>> Data, int ImageWidth, int ImageHeight, bool Incomplete, double ThresholdCosine)
{
    /// <summary>Which frame of an animated picture the faces are on; null for the first.</summary>
    public int? Frame { get; init; }
}
