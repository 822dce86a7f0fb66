namespace StashAI.Queue.Model.Schedules;

/// <summary>A job that repeats: when, and what to submit.</summary>
public sealed record Schedule
{
    /// <summary>The internal key; later schedules have higher ones.</summary>
    public long Key { get; init; }

    public required Guid Id { get; init; }

    /// <summary>Unique.</summary>
    public required string Name { get; init; }

    public required string Cron { get; init; }

    /// <summary>The IANA name of the time zone of <see cref="Cron"/>.</summary>
    public required string TimeZone { get; init; }

    public ScheduleOverlap Overlap { get; init; }

    public required string Service { get; init; }

    /// <summary>Null for the service's only or default operation.</summary>
    public string? Operation { get; init; }

    /// <summary>The <c>config</c> of its submits, as JSON; null for none.</summary>
    public string? Config { get; init; }

    /// <summary>How long after the moment of a run its job may take; null for no deadline.</summary>
    public long? DeadlineSeconds { get; init; }

    /// <summary>Where the items come from, as JSON.</summary>
    public required string Source { get; init; }

    /// <summary>The name of the API key with whose rights it submits; null for this machine without keys.</summary>
    public string? Owner { get; init; }

    public bool IsPaused { get; init; }

    /// <summary>The next moment; null while it is paused, and when none will come.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Raised by each change, so that two people cannot overwrite each other's.</summary>
    public int Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The job of the last run that submitted one.</summary>
    public Guid? LastJob { get; init; }

    public ScheduleRun? LastRun { get; init; }
}
