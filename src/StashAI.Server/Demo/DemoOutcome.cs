namespace StashAI.Server.Demo;

/// <summary>All that a finished demo shows.</summary>
/// <param name="JobId">The batch at the gateway.</param>
/// <param name="People">Who was enrolled.</param>
/// <param name="Results">One per photo, in the order of the batch.</param>
/// <param name="Skipped">Files that were left out, with the reason.</param>
/// <param name="Took">From the submit to the final message.</param>
/// <param name="At">When the batch was submitted, local time.</param>
/// <param name="Threshold">The confidence (0..1) a match had to reach.</param>
internal sealed record DemoOutcome(
    string JobId,
    IReadOnlyList<EnrolledPerson> People,
    IReadOnlyList<PhotoResult> Results,
    IReadOnlyList<SkippedPhoto> Skipped,
    TimeSpan Took,
    DateTimeOffset At,
    double Threshold)
{
    public int Faces => Results.Sum(result => result.Faces.Count);

    public int Failed => Results.Count(result => !result.Completed);

    /// <summary>Faces that were matched with an enrolled person.</summary>
    public int Recognised => Results.Sum(result => result.Faces.Count(face => face.Match is not null));

    public IReadOnlyList<string> PeopleFound =>
    [
        .. Results.SelectMany(result => result.Faces)
            .Select(face => face.Match?.Name)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];
}
