using StashAI.Sdk;

namespace StashAI.Queue.Model.Jobs;

/// <summary>Which jobs a page shows, and in which order. What is null or empty filters nothing.</summary>
public sealed record JobQuery
{
    /// <summary>Only these states.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>True for paused jobs only, false for the others only.</summary>
    public bool? IsPaused { get; init; }

    /// <summary>Only this service.</summary>
    public string? Service { get; init; }

    /// <summary>Only jobs with tasks of one of these types.</summary>
    public IReadOnlyList<string> TaskTypes { get; init; } = [];

    /// <summary>Only jobs with this in their name, in upper or lower case.</summary>
    public string? NamePart { get; init; }

    /// <summary>Only jobs of this user.</summary>
    public string? UserId { get; init; }

    /// <summary>Only jobs of this session.</summary>
    public string? SessionId { get; init; }

    /// <summary>True leaves out the jobs that a task route made for its one task.</summary>
    public bool OnlyBatches { get; init; }

    /// <summary>Only jobs with this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Only jobs of this owner.</summary>
    public string? Owner { get; init; }

    /// <summary>Only jobs with failed tasks of this kind.</summary>
    public ErrorKind? ErrorKind { get; init; }

    /// <summary>Only jobs with failed tasks of this group.</summary>
    public long? Fingerprint { get; init; }

    /// <summary>Only jobs with this in the message of a failure, in upper or lower case.</summary>
    public string? ErrorPart { get; init; }

    /// <summary>Only jobs created after this moment.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Only jobs created before this moment.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Only jobs whose public id is in this range, both ends included.</summary>
    public (Guid First, Guid Last)? Ids { get; init; }

    /// <summary>Only jobs with one of these public ids; null for any.</summary>
    public IReadOnlyList<Guid>? OnlyIds { get; init; }

    /// <summary>Only jobs that somebody without an API key submitted.</summary>
    public bool OnlyUnowned { get; init; }

    /// <summary>
    /// Only jobs with failed tasks that may run again or be skipped. The results of a batch of another API stay as they are when it has
    /// ended.
    /// </summary>
    public bool OnlyFailed { get; init; }

    /// <summary>Only jobs with a key up to this one, which were created by this moment.</summary>
    public (long Key, DateTimeOffset At)? Until { get; init; }

    /// <summary>True for an operation that waits until the jobs have ended; it filters nothing.</summary>
    public bool AwaitsEnd { get; init; }

    /// <summary>In which order.</summary>
    public JobOrder Order { get; init; }

    /// <summary>At most this many.</summary>
    public required int Limit { get; init; }

    /// <summary>After this many, which are read for nothing; <see cref="After"/> costs less.</summary>
    public int Offset { get; init; }

    /// <summary>Only jobs behind this place, as the page before has it; null to start with the first.</summary>
    public JobPlace? After { get; init; }

    /// <summary>The same query from its beginning, for its total only.</summary>
    public JobQuery Counting() => this with { Limit = 0, Offset = 0, After = null };

    /// <summary>True for a query that the counters of services and states answer.</summary>
    public bool IsCounted => this is
    {
        Order: JobOrder.Newest, IsPaused: null, TaskTypes.Count: 0, NamePart: null, UserId: null, SessionId: null, OnlyBatches: false,
        Tag: null, Owner: null, ErrorKind: null, Fingerprint: null, ErrorPart: null, CreatedAfter: null, CreatedBefore: null, Ids: null,
        OnlyIds: null, OnlyUnowned: false, OnlyFailed: false, Until: null,
    };
}
