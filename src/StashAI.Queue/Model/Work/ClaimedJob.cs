using StashAI.Sdk;

namespace StashAI.Queue.Model.Work;

/// <summary>What the executor needs to know about the job of a claimed task.</summary>
public sealed record ClaimedJob
{
    public required long Key { get; init; }

    public required Guid JobId { get; init; }

    public required long LaneKey { get; init; }

    public required string Service { get; init; }

    /// <summary><c>task_type</c> of its tasks.</summary>
    public required string TaskType { get; init; }

    /// <summary>The address to call.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>The configuration for the adapter, a UTF-8 JSON object.</summary>
    public required ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>The most attempts per task.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>Whether its tasks take results that are known already.</summary>
    public ResultCache Cache { get; init; }

    /// <summary>Calls are aborted at this time; null for no deadline.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The job's version after the claim.</summary>
    public required long Version { get; init; }
}
