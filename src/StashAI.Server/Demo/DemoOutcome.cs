namespace StashAI.Server.Demo;

/// <summary>The results of a finished demo.</summary>
/// <param name="JobId">The id of the job.</param>
/// <param name="People">The enrolled people.</param>
/// <param name="Results">One per photo, in the order of the batch.</param>
/// <param name="Skipped">The skipped files with reasons.</param>
/// <param name="Duration">The time from the submit to the final message.</param>
/// <param name="SubmittedAt">When the batch was submitted, in local time.</param>
/// <param name="Threshold">The confidence (0 to 1) that a match must reach.</param>
internal sealed record DemoOutcome(
    string JobId,
    IReadOnlyList<EnrolledPerson> People,
    IReadOnlyList<PhotoResult> Results,
    IReadOnlyList<SkippedPhoto> Skipped,
    TimeSpan Duration,
    DateTimeOffset SubmittedAt,
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
