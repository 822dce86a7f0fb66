namespace StashAI.Visage.Api.Requests;

/// <summary>Each person of a group against each of another, by name or id.</summary>
internal sealed record ManyToManyRequest
{
    public NameList? Group1People { get; init; }

    public NameList? Group2People { get; init; }

    /// <summary>The greatest distance (1 - cosine) that counts as a match.</summary>
    public double? Tolerance { get; init; }
}
