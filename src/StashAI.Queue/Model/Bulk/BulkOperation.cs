using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Bulk;

/// <summary>A bulk operation, and how far it is.</summary>
public sealed record BulkOperation
{
    /// <summary>The internal key; later operations have higher ones.</summary>
    public required long Key { get; init; }

    public required Guid Id { get; init; }

    public required BulkAction Action { get; init; }

    /// <summary>For <see cref="BulkAction.Priority"/>.</summary>
    public int? Priority { get; init; }

    /// <summary>For <see cref="BulkAction.Rematch"/>: the threshold that replaces those of the jobs; null to keep them.</summary>
    public double? Threshold { get; init; }

    /// <summary>The filter as the person sent it, as JSON.</summary>
    public required string Filter { get; init; }

    /// <summary>The jobs that it means; null when another version of this program stored it and this one cannot read it.</summary>
    public required JobQuery? Query { get; init; }

    /// <summary>The name of the caller's API key; null without one.</summary>
    public string? AskedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The highest key of a job when it was asked for. Jobs that came later are not touched.</summary>
    public required long LastJob { get; init; }

    public BulkState State { get; init; }

    /// <summary>How many jobs match, as far as they were counted.</summary>
    public long Matched { get; init; }

    /// <summary>How many jobs were worked on.</summary>
    public long Done { get; init; }

    /// <summary>How many jobs could not be worked on.</summary>
    public long Failed { get; init; }

    /// <summary>Why a job could not be worked on, the first reason; or why the operation failed.</summary>
    public string? Error { get; init; }

    /// <summary>Where the next page of jobs begins; null for the first page.</summary>
    public JobPlace? Cursor { get; init; }

    /// <summary>True when there is no next page.</summary>
    public bool IsRead { get; init; }

    /// <summary>
    /// The jobs that are worked on now, and are not among the counts. They are repeated if the process dies: every action may be repeated.
    /// </summary>
    public IReadOnlyList<long> Batch { get; init; } = [];
}
