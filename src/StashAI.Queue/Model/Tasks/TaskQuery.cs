namespace StashAI.Queue.Model.Tasks;

/// <summary>
/// Which tasks a page shows: of one job in the order of its items, of all jobs the newest first. What is null or empty filters nothing.
/// </summary>
public sealed record TaskQuery
{
    /// <summary>Only this job.</summary>
    public long? JobKey { get; init; }

    /// <summary>Only this service.</summary>
    public string? Service { get; init; }

    /// <summary>Only these states.</summary>
    public IReadOnlyList<TaskState> States { get; init; } = [];

    /// <summary>Only failed tasks of this group.</summary>
    public long? Fingerprint { get; init; }

    /// <summary>Only tasks that were tried at least so often.</summary>
    public int LeastAttempts { get; init; }

    /// <summary>Only tasks with this in their input or their error, in upper or lower case; of one job only.</summary>
    public string? Text { get; init; }

    /// <summary>At most this many.</summary>
    public required int Limit { get; init; }

    /// <summary>Only tasks behind the one with this key; null to start with the first.</summary>
    public long? After { get; init; }

    /// <summary>True when tasks of this state are shown.</summary>
    public bool Wants(TaskState state) => States.Count == 0 || States.Contains(state);
}
