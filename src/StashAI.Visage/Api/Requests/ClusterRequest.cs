namespace StashAI.Visage.Api.Requests;

/// <summary>Photos whose faces are grouped by person, and faces of earlier answers; at least one of both.</summary>
internal sealed record ClusterRequest
{
    public IReadOnlyList<ImageBytes?>? Photos { get; init; }

    public IReadOnlyList<ClusterRequestFace?>? Faces { get; init; }

    /// <summary>The lowest confidence between the faces of one person, 0 to 1; null for the service's default.</summary>
    public double? Threshold { get; init; }

    public string? Detail { get; init; }
}
