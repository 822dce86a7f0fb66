namespace StashAI.Client.Models;

/// <summary>Which results of a job to read, and in which order.</summary>
public sealed record ResultQuery
{
    /// <summary>The states to read; empty for all. Only ended tasks have results.</summary>
    public IReadOnlyList<TaskState> States { get; init; } = [];

    /// <summary>The first item to read, from 0.</summary>
    public int From { get; init; }

    /// <summary>
    /// True also waits for the tasks that have not ended, until the job has ended. Results come in the order of the items, each as soon as
    /// it and all before it have ended. False, the default, reads what has ended by now.
    /// </summary>
    public bool Follow { get; init; }

    /// <summary>
    /// True gives results in the order in which they finished; with <see cref="Follow"/> each as soon as it is there. False, the default,
    /// gives them in the order of the items.
    /// </summary>
    public bool AsFinished { get; init; }
}
