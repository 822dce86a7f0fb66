namespace StashAI.Visage.Api.Requests;

/// <summary>Photos whose faces are grouped by person; faces of earlier answers may stand beside or instead of them.</summary>
internal sealed record ClusterRequest
{
    public IReadOnlyList<ImageBytes?>? Photos { get; init; }

    public IReadOnlyList<FaceOfPhoto?>? Faces { get; init; }

    /// <summary>The least confidence between the faces of one person, 0 to 1; none = the service's default.</summary>
    public double? Threshold { get; init; }

    public string? Detail { get; init; }
}
