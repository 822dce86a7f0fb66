using StashAI.Sdk;

namespace StashAI.Queue.Model.Erasures;

/// <summary>The removal of one subject, such as a person, from everything that is stored, and how far it is.</summary>
public sealed record Erasure
{
    /// <summary>What stands in a text for a name or an id that was removed.</summary>
    public const string Mark = "[erased]";

    /// <summary>The internal key.</summary>
    public required long Key { get; init; }

    /// <summary>The public id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whom it removes; null when nothing names the subject any more, not even this record.</summary>
    public ErasedSubject? Subject { get; init; }

    public ErasureStage Stage { get; init; }

    /// <summary>The last job when the subject had been deleted in its service. Later jobs can name it only as copies of these.</summary>
    public long Bound { get; init; }

    /// <summary>The last job to go through; more than <see cref="Bound"/> when there were copies.</summary>
    public long LastJob { get; init; }

    /// <summary>Where the next step begins: the key of a job, or of a record.</summary>
    public long Next { get; init; }

    /// <summary>Where the next step begins in there: the ordinal of a task, or the number of the records' table.</summary>
    public int NextPart { get; init; }

    /// <summary>The jobs that can name a subject.</summary>
    public long JobsTotal { get; init; }

    /// <summary>How many of them name the subject no longer.</summary>
    public long JobsDone { get; init; }

    /// <summary>How many results were changed.</summary>
    public long ResultsChanged { get; init; }

    /// <summary>The name of the API key that asked for it; null for callers without one.</summary>
    public string? AskedBy { get; init; }

    /// <summary>Why it waits, for people; null when it does not.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public bool IsOver => Stage == ErasureStage.Completed;
}
