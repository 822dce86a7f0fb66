using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;

namespace StashAI.Storage.Sqlite.Units;

/// <summary>The changes to one job's counters in a transaction.</summary>
internal sealed class CounterDelta
{
    private readonly int[] byState = new int[6];

    /// <summary>The change of the job's total; only a submit changes it.</summary>
    public int Total { get; set; }

    /// <summary>The change of the available tasks below the job's cursor.</summary>
    public int Requeued { get; set; }

    /// <summary>The change of the completed tasks whose result another task had computed.</summary>
    public int Cached { get; set; }

    /// <summary>The total duration of successful calls, in milliseconds.</summary>
    public double ProcessingMs { get; set; }

    /// <summary>The job's cursor and virtual time after a claim; null to leave them.</summary>
    public int? NextOrdinal { get; set; }

    /// <inheritdoc cref="NextOrdinal"/>
    public long? VirtualTime { get; set; }

    /// <summary>Change of the failed tasks by kind of error, with the message of one.</summary>
    public SortedDictionary<ErrorKind, (int Count, string? Example)> Errors { get; } = [];

    /// <summary>Change of the groups of failures, by fingerprint.</summary>
    public SortedDictionary<long, FailureDelta> Failures { get; } = [];

    /// <summary>Counts a task that failed.</summary>
    public void Failed(Failure failure, long taskKey)
    {
        Count(failure.Kind, failure.Message, 1);
        Group(failure.Fingerprint).Add(failure, taskKey);
    }

    /// <summary>Counts a task that is failed no more; one from before there were groups has no fingerprint.</summary>
    public void TakeBack(ErrorKind kind, long? fingerprint, long taskKey)
    {
        Count(kind, null, -1);
        if (fingerprint is { } group) Group(group).TakeBack(taskKey);
    }

    public int this[TaskState state]
    {
        get => byState[(int)state];
        set => byState[(int)state] = value;
    }

    private void Count(ErrorKind kind, string? message, int count)
    {
        var before = Errors.GetValueOrDefault(kind);
        Errors[kind] = (before.Count + count, before.Example ?? message);
    }

    private FailureDelta Group(long fingerprint)
    {
        if (!Failures.TryGetValue(fingerprint, out var delta)) Failures.Add(fingerprint, delta = new FailureDelta());
        return delta;
    }

    /// <summary>Moves <paramref name="count"/> tasks from one state to another.</summary>
    public void Move(TaskState from, TaskState to, int count = 1)
    {
        byState[(int)from] -= count;
        byState[(int)to] += count;
    }
}
