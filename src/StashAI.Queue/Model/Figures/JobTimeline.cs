namespace StashAI.Queue.Model.Figures;

/// <summary>What happened to a job over time, besides its own times.</summary>
/// <param name="Events">Pauses and outages of the job and of its lane, oldest first; the newest of many.</param>
/// <param name="Steps">How many tasks completed and failed, in the order of time; steps without anything are left out.</param>
public sealed record JobTimeline(IReadOnlyList<TimelineEntry> Events, IReadOnlyList<TimelineStep> Steps)
{
    /// <summary>The most events that are read.</summary>
    public const int MaxEvents = 200;
}

/// <summary>One pause or outage.</summary>
/// <param name="IsOfJob">True if it concerns this job, false for all jobs of its lane.</param>
public sealed record TimelineEntry(DateTimeOffset At, TimelineEvent Event, bool IsOfJob);

/// <summary>How many tasks ended in a step.</summary>
/// <param name="Start">When it began, in seconds since the job started.</param>
public sealed record TimelineStep(long Start, int Completed, int Failed);

/// <summary>What is noted of a job or a lane. The numbers are stored: never renumber.</summary>
public enum TimelineEvent
{
    /// <summary>A person paused the job or its service.</summary>
    Paused = 1,

    /// <summary>A person resumed the job or its service.</summary>
    Resumed = 2,

    /// <summary>The service is down: its tasks are parked.</summary>
    Parked = 3,

    /// <summary>The service answers again.</summary>
    Unparked = 4,
}
