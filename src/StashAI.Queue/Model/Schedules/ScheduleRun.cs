namespace StashAI.Queue.Model.Schedules;

/// <summary>One run of a schedule.</summary>
public sealed record ScheduleRun
{
    /// <summary>The internal key; later runs have higher ones.</summary>
    public required long Key { get; init; }

    /// <summary>The moment that it is for, unique in its schedule. For missed moments it is the first of them.</summary>
    public required DateTimeOffset Moment { get; init; }

    /// <summary>True for a run that a person asked for.</summary>
    public bool IsAsked { get; init; }

    public required ScheduleRunState State { get; init; }

    /// <summary>When a process began to work on it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The job that it submitted.</summary>
    public Guid? JobId { get; init; }

    /// <summary>How many items it submitted.</summary>
    public int? Items { get; init; }

    /// <summary>Why it was skipped or failed.</summary>
    public string? Reason { get; init; }
}
