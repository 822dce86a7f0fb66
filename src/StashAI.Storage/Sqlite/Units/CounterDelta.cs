using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Storage.Sqlite.Units;

/// <summary>How one job's counters move in a transaction.</summary>
internal sealed class CounterDelta
{
    private readonly int[] byState = new int[6];

    /// <summary>Added to the job's total; only an enqueue does that.</summary>
    public int Total { get; set; }

    /// <summary>Change of the available tasks below the job's cursor.</summary>
    public int Requeued { get; set; }

    /// <summary>Duration of calls that succeeded.</summary>
    public double ProcessingMs { get; set; }

    /// <summary>The job's cursor and virtual time after a claim; null to leave them.</summary>
    public int? NextOrdinal { get; set; }

    /// <inheritdoc cref="NextOrdinal"/>
    public long? VirtualTime { get; set; }

    /// <summary>Change of the failed tasks by kind of error, with the message of one.</summary>
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
