namespace StashAI.Client.Models;

/// <summary>Failed tasks of a job whose errors differ only by numbers, ids, paths and addresses.</summary>
public sealed record FailureGroup
{
    /// <summary>The name of the group, 16 hexadecimal digits, the same on every server; null for tasks that failed before there were
    /// groups.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The kind, such as <c>connection</c>, <c>timeout</c> or <c>rejected</c>.</summary>
    public string ErrorKind { get; init; } = "";

    /// <summary>The HTTP status that the service answered with; null where none came.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The message without what differs from one item to the next.</summary>
    public string? Pattern { get; init; }

    /// <summary>The message of one of the tasks.</summary>
    public string? Message { get; init; }

    /// <summary>How many tasks failed so.</summary>
    public int Count { get; init; }

    /// <summary>When the first of them failed.</summary>
    public DateTimeOffset? FirstAt { get; init; }

    /// <summary>When the last of them failed.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>The ids of up to three of the tasks.</summary>
    public IReadOnlyList<Guid> Examples { get; init; } = [];
}

/// <summary>What a retry or a skip of a group of failures did.</summary>
public sealed record FailureAnswer
{
    /// <summary>The id of the job.</summary>
    public Guid JobId { get; init; }

    /// <summary>The group.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>How many tasks were changed.</summary>
    public int Tasks { get; init; }

    /// <summary>The state of the job afterwards.</summary>
    public JobState State { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get; init; } = "";
}
