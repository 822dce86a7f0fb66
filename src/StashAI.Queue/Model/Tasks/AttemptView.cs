using StashAI.Sdk;

namespace StashAI.Queue.Model.Tasks;

/// <summary>One attempt at a task that is over. Times are UTC.</summary>
public sealed record AttemptView
{
    /// <summary>Which try it was, from 1; a try that was given back has the number of the next.</summary>
    public required int Number { get; init; }

    /// <summary>The claim number: unlike <see cref="Number"/> it never repeats.</summary>
    public required int Fence { get; init; }

    /// <summary>When it was claimed.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The name of the node that ran it.</summary>
    public required string Node { get; init; }

    /// <summary>How it ended.</summary>
    public required TaskEvent Event { get; init; }

    /// <summary>The status of the service's answer, or null when there was none.</summary>
    public required int? HttpStatus { get; init; }

    /// <summary>Why it did not succeed.</summary>
    public required ErrorKind ErrorKind { get; init; }

    /// <summary>For people; null when there is nothing to say.</summary>
    public required string? ErrorMessage { get; init; }

    /// <summary>The first 2 KB of the answer; null when there was none.</summary>
    public required string? AnswerHead { get; init; }
}
