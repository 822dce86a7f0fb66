namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>The faces of one photo, as the only element of <see cref="Data"/>, and the size of the upright photo.</summary>
internal sealed record PredictResponse(
    IReadOnlyList<IReadOnlyList<FaceDto>> Data, int ImageWidth, int ImageHeight, bool Incomplete, double ThresholdCosine)
{
    /// <summary>The index of the frame of an animated picture that shows the faces; null for the first frame.</summary>
    public int? Frame { get; init; }

    /// <summary>The version of the gallery; only for the gateway.</summary>
    public long? GalleryVersion { get; init; }

    /// <summary>The faces in the form that the gateway stores, as the last property; only for the gateway.</summary>
    public byte[]? KeptFaces { get; init; }
}
