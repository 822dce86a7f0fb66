using StashAI.Queue.Model.Tasks;
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

    /// <summary>The total duration of successful calls, in milliseconds.</summary>
    public double ProcessingMs { get; set; }

    /// <summary>The job's cursor and virtual time after a claim; null to leave them.</summary>
    public int? NextOrdinal { get; set; }

    /// <inheritdoc cref="NextOrdinal"/>
    public long? VirtualTime { get; set; }

    /// <summary>The change of the failed tasks by kind of error, with one example message.</summary>
    public SortedDictionary<Sdk.ErrorKind, (int Count, string? Example)> Errors { get; } = [];

    /// <summary>Counts failed tasks of one kind of error; a negative count when they are retried.</summary>
    public void Failed(Sdk.ErrorKind kind, string? message, int count = 1)
    {
        var before = Errors.GetValueOrDefault(kind);
        Errors[kind] = (before.Count + count, before.Example ?? message);
    }

    public int this[TaskState state]
    {
        get => byState[(int)state];
        set => byState[(int)state] = value;
    }

    /// <summary>Moves <paramref name="count"/> tasks from one state to another.</summary>
    public void Move(TaskState from, TaskState to, int count = 1)
    {
        byState[(int)from] -= count;
        byState[(int)to] += count;
    }
}
