using System.Text.Json;

namespace StashAI.Client.Models;

/// <summary>A schedule: a job that the server submits again and again.</summary>
public sealed record Schedule
{
    /// <summary>The id of the schedule.</summary>
    public Guid Id { get; init; }

    /// <summary>The unique name, by which it can be called in place of its id.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it runs: minutes, hours, days of the month, months and days of the week, or a name such as <c>@daily</c>.</summary>
    public string Cron { get; init; } = "";

    /// <summary>The IANA name of the time zone of <see cref="Cron"/>.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>What happens while the job of the run before is not over.</summary>
    public ScheduleOverlap Overlap { get; init; }

    /// <summary>The service that it submits to.</summary>
    public string Service { get; init; } = "";

    /// <summary>The operation; null for the only or the default one of the service.</summary>
    public string? Operation { get; init; }

    /// <summary>The <c>config</c> of each submit; null for none.</summary>
    public JsonElement? Config { get; init; }

    /// <summary>How many seconds after its submit a job may take; null for no deadline.</summary>
    public long? DeadlineSeconds { get; init; }

    /// <summary>Where the items come from.</summary>
    public JsonElement? Source { get; init; }

    /// <summary>True while it does not run by itself.</summary>
    public bool Paused { get; init; }

    /// <summary>The name of the API key with whose rights it submits; null for the server's own machine without keys.</summary>
    public string? Owner { get; init; }

    /// <summary>When it runs next; null while it is paused.</summary>
    public DateTimeOffset? NextRunAt { get; init; }

    /// <summary>The newest run; null before the first.</summary>
    public ScheduleRun? LastRun { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When a person changed it last.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>One run of a schedule.</summary>
public sealed record ScheduleRun
{
    /// <summary>The moment that the run is for; for moments that were missed, the first of them.</summary>
    public DateTimeOffset Moment { get; init; }

    /// <summary>True when a person asked for it.</summary>
    public bool Asked { get; init; }

    /// <summary>How far it is.</summary>
    public ScheduleRunState State { get; init; }

    /// <summary>When the server began to work on it; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before. Its job may go on.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The job that it submitted; null for none.</summary>
    public Guid? JobId { get; init; }

    /// <summary>The name of the job; null for no job, and for one that was removed.</summary>
    public string? JobName { get; init; }

    /// <summary>How many items it submitted; null for none.</summary>
    public int? Items { get; init; }

    /// <summary>Why it was skipped or failed, or what it left out; null for nothing.</summary>
    public string? Reason { get; init; }
}

/// <summary>What happens to a run of a schedule while the job of the run before is not over.</summary>
public enum ScheduleOverlap
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,

    /// <summary>It is skipped.</summary>
    Skip,

    /// <summary>It waits; one run at most does.</summary>
    Queue,
}

/// <summary>How far a run of a schedule is.</summary>
public enum ScheduleRunState
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,

    /// <summary>The server will work on it, perhaps after the job of the run before.</summary>
    Waiting,

    /// <summary>The server gathers its items and submits them.</summary>
    Running,

    /// <summary>Its job is in the queue.</summary>
    Submitted,

    /// <summary>There was nothing to submit.</summary>
    Nothing,

    /// <summary>It was skipped.</summary>
    Skipped,

    /// <summary>It failed.</summary>
    Failed,
}
