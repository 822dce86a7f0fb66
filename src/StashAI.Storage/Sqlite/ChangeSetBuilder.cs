using StashAI.Queue.Model.Changes;

namespace StashAI.Storage.Sqlite;

/// <summary>Joins the changes of several transactions of one call: each job once, from its first state to its last.</summary>
internal sealed class ChangeSetBuilder
{
    private readonly List<TaskChange> tasks = [];
    private readonly Dictionary<long, JobChange> jobs = [];

    public bool IsEmpty => tasks.Count == 0 && jobs.Count == 0;

    public void Add(ChangeSet changes)
    {
        tasks.AddRange(changes.Tasks);
        foreach (var change in changes.Jobs)
            jobs[change.Key] = jobs.TryGetValue(change.Key, out var earlier) ? change with { Before = earlier.Before } : change;
    }

    public ChangeSet Build() => IsEmpty ? ChangeSet.Empty : new ChangeSet(tasks, [.. jobs.Values]);
}
