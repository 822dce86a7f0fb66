namespace StashAI.Queue.Model.Changes;

/// <summary>What one committed transaction changed, for the live feed.</summary>
/// <param name="Jobs">Changed jobs, each once.</param>
public sealed record ChangeSet(IReadOnlyList<TaskChange> Tasks, IReadOnlyList<JobChange> Jobs)
{
    public static ChangeSet Empty { get; } = new([], []);

    /// <summary>Lanes whose circuit changed state.</summary>
    public IReadOnlyList<LaneChange> Lanes { get; init; } = [];

    public bool IsEmpty => Tasks.Count == 0 && Jobs.Count == 0 && Lanes.Count == 0;
}
