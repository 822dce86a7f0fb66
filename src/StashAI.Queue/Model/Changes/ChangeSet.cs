namespace StashAI.Queue.Model.Changes;

/// <summary>What one committed call changed, for the live feed.</summary>
/// <param name="Tasks">Changed tasks.</param>
/// <param name="Jobs">Changed jobs, once each.</param>
public sealed record ChangeSet(IReadOnlyList<TaskChange> Tasks, IReadOnlyList<JobChange> Jobs)
{
    /// <summary>Nothing changed.</summary>
    public static ChangeSet Empty { get; } = new([], []);

    /// <summary>Lanes whose circuit changed its state.</summary>
    public IReadOnlyList<LaneChange> Lanes { get; init; } = [];

    /// <summary>True when nothing changed.</summary>
    public bool IsEmpty => Tasks.Count == 0 && Jobs.Count == 0 && Lanes.Count == 0;
}
