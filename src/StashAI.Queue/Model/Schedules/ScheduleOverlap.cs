namespace StashAI.Queue.Model.Schedules;

/// <summary>What happens to a run whose moment comes while the job of the run before is not over. Stored as a number.</summary>
public enum ScheduleOverlap
{
    /// <summary>It is skipped.</summary>
    Skip = 0,

    /// <summary>It waits for the end of that job. At most one run waits; further ones are skipped.</summary>
    Queue = 1,
}
