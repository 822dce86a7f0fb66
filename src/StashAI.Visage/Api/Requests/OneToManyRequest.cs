namespace StashAI.Visage.Api.Requests;

/// <summary>Compares one person with several, by name or id.</summary>
internal sealed record OneToManyRequest
{
    public string? TargetPerson { get; init; }

    public NameList? ComparisonPeople { get; init; }

    /// <summary>The largest distance (1 - cosine) of a match.</summary>
    public double? Tolerance { get; init; }
}
