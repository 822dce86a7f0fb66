using StashAI.Sdk;

namespace StashAI.Queue.Model.Tasks;

/// <summary>An ended attempt at a task. Times are UTC.</summary>
public sealed record AttemptView
{
    /// <summary>The number of the attempt, from 1. An attempt that was given back has the same number as the next one.</summary>
    public required int Number { get; init; }

    /// <summary>The claim number; unlike <see cref="Number"/>, it never repeats.</summary>
    public required int Fence { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The name of the node that ran it.</summary>
    public required string Node { get; init; }

    public required TaskEvent Event { get; init; }

    /// <summary>The status code of the service's answer; null without an answer.</summary>
    public required int? HttpStatus { get; init; }

    /// <summary>The kind of error, if it did not succeed.</summary>
    public required ErrorKind ErrorKind { get; init; }

    /// <summary>A message for people; may be null.</summary>
    public required string? ErrorMessage { get; init; }

    /// <summary>The first 2 KB of the answer; null without an answer.</summary>
    public required string? AnswerHead { get; init; }
}
