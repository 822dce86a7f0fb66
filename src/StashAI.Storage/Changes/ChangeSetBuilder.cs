using StashAI.Queue.Model.Changes;

namespace StashAI.Storage.Changes;

/// <summary>Merges the changes of several transactions of one call: each job once, from its first state to its last.</summary>
internal sealed class ChangeSetBuilder
{
    private readonly List<TaskChange> tasks = [];
    private readonly Dictionary<long, JobChange> jobs = [];
    private readonly List<LaneChange> lanes = [];

    public bool IsEmpty => tasks.Count == 0 && jobs.Count == 0 && lanes.Count == 0;

    public static ChangeSet Join(ChangeSet first, ChangeSet second)
    {
        if (first.IsEmpty) return second;
        if (second.IsEmpty) return first;
        var both = new ChangeSetBuilder();
        both.Add(first);
        both.Add(second);
        return both.Build();
    }

    public void Add(ChangeSet changes)
    {
        tasks.AddRange(changes.Tasks);
        lanes.AddRange(changes.Lanes);
        foreach (var change in changes.Jobs)
            jobs[change.Key] = jobs.TryGetValue(change.Key, out var earlier) ? change with { Before = earlier.Before } : change;
    }

    public ChangeSet Build() => IsEmpty ? ChangeSet.Empty : new ChangeSet(tasks, [.. jobs.Values]) { Lanes = lanes };
}
