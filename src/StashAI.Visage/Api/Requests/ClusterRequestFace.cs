namespace StashAI.Visage.Api.Requests;

/// <summary>A face of an earlier answer, and a label that the client chooses for its photo.</summary>
internal sealed record ClusterRequestFace
{
    public string? Embedding { get; init; }

    public string? Photo { get; init; }
}
