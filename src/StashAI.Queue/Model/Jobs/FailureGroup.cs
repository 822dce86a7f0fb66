using StashAI.Sdk;

namespace StashAI.Queue.Model.Jobs;

/// <summary>The failed tasks of a job that failed alike. Times are UTC.</summary>
public sealed record FailureGroup
{
    /// <summary>What they have in common, as a number; null for tasks that failed before there were groups.</summary>
    public required long? Fingerprint { get; init; }

    /// <summary>Why they failed.</summary>
    public required ErrorKind Kind { get; init; }

    /// <summary>The status of the service's answer; null when there was none.</summary>
    public required int? HttpStatus { get; init; }

    /// <summary>Their message without what differs.</summary>
    public required string? Pattern { get; init; }

    /// <summary>The message of one of them.</summary>
    public required string? Message { get; init; }

    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>When the first one failed.</summary>
    public required DateTimeOffset? FirstAt { get; init; }

    /// <summary>When the last one failed.</summary>
    public required DateTimeOffset? LastAt { get; init; }

    /// <summary>Up to three of them that are still failed.</summary>
    public required IReadOnlyList<long> Examples { get; init; }
}
