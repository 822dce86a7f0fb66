namespace StashAI.Client.Models;

/// <summary>Which results of a job to read.</summary>
public sealed record ResultQuery
{
    /// <summary>The states to read; empty for all. Only ended tasks have results.</summary>
    public IReadOnlyList<TaskState> States { get; init; } = [];

    /// <summary>The first item to read, from 0.</summary>
    public int From { get; init; }

    /// <summary>
    /// True also waits for the tasks that have not ended. Results then come in the order of the items, each as soon as it and all before it
    /// have ended, until the job has ended. False, the default, reads what has ended by now.
    /// </summary>
    public bool Follow { get; init; }
}
