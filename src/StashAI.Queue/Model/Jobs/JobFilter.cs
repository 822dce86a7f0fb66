namespace StashAI.Queue.Model.Jobs;

/// <summary>Which page of jobs to list.</summary>
/// <param name="States">Only these states; empty for all.</param>
/// <param name="Service">Only this service; null for all.</param>
/// <param name="Limit">At most this many.</param>
/// <param name="Offset">After this many.</param>
/// <param name="OnlyBatches">True leaves out the jobs that a task route made for its one task.</param>
public sealed record JobFilter(IReadOnlyList<JobState> States, string? Service, int Limit, int Offset, bool OnlyBatches = false)
{
    /// <summary>Only jobs older than the one with this key, as <see cref="JobPage.Next"/> has it; null to start with the newest.</summary>
    public long? Before { get; init; }

    /// <summary>Only jobs of this user; null for all.</summary>
    public string? UserId { get; init; }

    /// <summary>Only jobs of this session; null for all.</summary>
    public string? SessionId { get; init; }

    /// <summary>Only jobs with this in their name, in upper or lower case; null for all.</summary>
    public string? NamePart { get; init; }

    /// <summary>The same as a query, where the counters of services and states do not answer it; null where they do.</summary>
    public JobQuery? AsQuery() => this is { UserId: null, SessionId: null, NamePart: null } ? null : new JobQuery
    {
        States = States,
        Service = Service,
        UserId = UserId,
        SessionId = SessionId,
        NamePart = NamePart,
        OnlyBatches = OnlyBatches,
        Limit = Limit,
        Offset = Offset,
        After = Before is { } key ? new JobPlace(0, key, 0, false) : null,
    };
}
