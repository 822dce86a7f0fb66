namespace StashAI.Client.Models;

/// <summary>An attempt of a task that has ended.</summary>
public sealed record TaskAttempt
{
    /// <summary>The number of the attempt, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>
    /// <c>completed</c>, <c>retried</c>, <c>throttled</c>, <c>failed</c>, <c>cancelled</c>, <c>lost</c> or <c>released</c>.
    /// </summary>
    public string Outcome { get; init; } = "";

    /// <summary>When the attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the attempt ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How long the attempt took, in milliseconds.</summary>
    public double? DurationMs { get; init; }

    /// <summary>The process that made the attempt.</summary>
    public string? Node { get; init; }

    /// <summary>The HTTP status that the service answered with; null where none came.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The kind of the error; null for a success.</summary>
    public string? ErrorKind { get; init; }

    /// <summary>What went wrong; null for a success.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The beginning of the service's answer, where the attempt failed.</summary>
    public string? AnswerHead { get; init; }
}
