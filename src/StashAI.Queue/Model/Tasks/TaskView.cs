using StashAI.Sdk;

namespace StashAI.Queue.Model.Tasks;

/// <summary>A task as readers see it. Times are UTC.</summary>
public sealed record TaskView
{
    /// <summary>Internal key.</summary>
    public required long Key { get; init; }

    /// <summary>Rises at every change.</summary>
    public required int Version { get; init; }

    /// <summary>Its state.</summary>
    public required TaskState State { get; init; }

    /// <summary>How many attempts were counted.</summary>
    public required int Attempt { get; init; }

    /// <summary>True when a cancel waits for the running call to end.</summary>
    public required bool CancelRequested { get; init; }

    /// <summary>The task's own input, UTF-8 JSON; may be empty.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Why the last attempt did not succeed.</summary>
    public required ErrorKind ErrorKind { get; init; }

    /// <summary>For people; null when there is nothing to say.</summary>
    public required string? ErrorMessage { get; init; }

    /// <summary>How long the last call took, in milliseconds; null before the first ended.</summary>
    public required double? ProcessingMs { get; init; }

    /// <summary>When it was last claimed.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When a scheduled task becomes available.</summary>
    public required DateTimeOffset? DueAt { get; init; }

    /// <summary>The result, UTF-8 JSON, where it was asked for and exists.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>Its place in the job, from 0.</summary>
    public int Ordinal => TaskKey.OrdinalOf(Key);
}
