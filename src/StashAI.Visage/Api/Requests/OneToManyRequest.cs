namespace StashAI.Visage.Api.Requests;

/// <summary>One person against several, by name or id.</summary>
internal sealed record OneToManyRequest
{
    public string? TargetPerson { get; init; }

    public NameList? ComparisonPeople { get; init; }

    /// <summary>The greatest distance (1 - cosine) that counts as a match.</summary>
    public double? Tolerance { get; init; }
}
