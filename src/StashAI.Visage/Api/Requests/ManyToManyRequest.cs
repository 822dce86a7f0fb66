namespace StashAI.Visage.Api.Requests;

/// <summary>Compares each person of one group with each of another, by name or id.</summary>
internal sealed record ManyToManyRequest
{
    public NameList? Group1People { get; init; }

    public NameList? Group2People { get; init; }

    /// <summary>The largest distance (1 - cosine) of a match.</summary>
    public double? Tolerance { get; init; }
}
