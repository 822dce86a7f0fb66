namespace StashAI.Queue.Model.Schedules;

/// <summary>The outcome of a change of a schedule.</summary>
public enum ScheduleSave
{
    Saved,

    /// <summary>It was changed or removed meanwhile.</summary>
    Outdated,

    /// <summary>Another schedule has the name.</summary>
    NameTaken,
}
