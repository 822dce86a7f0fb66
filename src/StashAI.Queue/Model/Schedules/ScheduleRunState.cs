namespace StashAI.Queue.Model.Schedules;

/// <summary>How far a run of a schedule is. Stored as a number.</summary>
public enum ScheduleRunState
{
    /// <summary>No process works on it yet, or it waits for the job of the run before.</summary>
    Waiting = 0,

    /// <summary>A process gathers its items and submits them.</summary>
    Running = 1,

    /// <summary>Its job is in the queue.</summary>
    Submitted = 2,

    /// <summary>There was nothing to submit.</summary>
    Nothing = 3,

    /// <summary>It was skipped; the reason says why.</summary>
    Skipped = 4,

    /// <summary>It failed; the reason says why.</summary>
    Failed = 5,
}
