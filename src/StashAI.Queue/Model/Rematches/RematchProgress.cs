namespace StashAI.Queue.Model.Rematches;

/// <summary>The last rematch of a job, and how far it is.</summary>
public sealed record RematchProgress
{
    public required long JobKey { get; init; }

    /// <summary>The internal key of the bulk operation that asked for it. A later operation takes over.</summary>
    public required long BulkKey { get; init; }

    /// <summary>The threshold that replaces those of the job and its items; null keeps them.</summary>
    public double? Threshold { get; init; }

    /// <summary>The completed tasks of the job when the rematch began.</summary>
    public required int Completed { get; init; }

    /// <summary>The ordinal where the next step begins.</summary>
    public int Next { get; init; }

    /// <summary>How many results were read.</summary>
    public int Done { get; init; }

    /// <summary>How many of them were judged again: those whose calls computed something.</summary>
    public int Judged { get; init; }

    /// <summary>How many of these have another judgement than before.</summary>
    public int Changed { get; init; }

    /// <summary>The version of the data that judged the last step; null before the first.</summary>
    public long? Version { get; init; }

    /// <summary>The aggregate of the results that were read, UTF-8 JSON; may be empty.</summary>
    public ReadOnlyMemory<byte> Aggregate { get; init; }

    public bool IsOver { get; init; }

    /// <summary>
    /// The key of the newest erasure when this was read. It is not stored: what was read before a later erasure must not be saved.
    /// </summary>
    public long Erasure { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
