namespace StashAI.Queue.Model.Work;

/// <summary>What an executor needs to know of the job of a claimed task.</summary>
public sealed record ClaimedJob
{
    /// <summary>Internal key.</summary>
    public required long Key { get; init; }

    /// <summary>Public id.</summary>
    public required Guid JobId { get; init; }

    /// <summary>Its lane's internal key.</summary>
    public required long LaneKey { get; init; }

    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>`task_type` of its tasks.</summary>
    public required string TaskType { get; init; }

    /// <summary>The address to call.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>Configuration for the adapter, a UTF-8 JSON object.</summary>
    public required ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>How often each task is tried at most.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>No call may go on after that; null for no limit.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The job's version after the claim.</summary>
    public required long Version { get; init; }
}
