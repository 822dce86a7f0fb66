using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Storage.Jobs;

/// <summary>What becomes of the stored subjects of some tasks, and of the sums of their jobs.</summary>
internal sealed class SubjectChanges
{
    private static readonly Comparer<(long Job, string Subject)> ByKey = Comparer<(long Job, string Subject)>.Create(
        (a, b) => a.Job != b.Job ? a.Job.CompareTo(b.Job) : string.CompareOrdinal(a.Subject, b.Subject));

    public List<(long Task, string Subject)> Removed { get; } = [];

    public List<(long Task, string Subject, double Score)> Saved { get; } = [];

    /// <summary>How many tasks more show a subject of a job; 0 where only a score changed. By job and subject.</summary>
    public SortedDictionary<(long Job, string Subject), int> Counts { get; } = new(ByKey);

    public bool IsEmpty => Counts.Count == 0;

    /// <summary>Replaces the subjects of a task, of which each is listed once.</summary>
    public void Replace(long taskKey, IReadOnlyDictionary<string, double> before, IReadOnlyList<ResultSubject> after)
    {
        foreach (var (subject, score) in after)
        {
            var isKnown = before.TryGetValue(subject, out var old);
            if (isKnown && old == score) continue;
            Saved.Add((taskKey, subject, score));
            Count(taskKey, subject, isKnown ? 0 : 1);
        }

        if (before.Count == 0) return;
        var kept = after.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var subject in before.Keys.Where(subject => !kept.Contains(subject)))
        {
            Removed.Add((taskKey, subject));
            Count(taskKey, subject, -1);
        }
    }

    private void Count(long taskKey, string subject, int change)
    {
        var key = (TaskKey.JobOf(taskKey), subject);
        Counts[key] = Counts.GetValueOrDefault(key) + change;
    }
}
