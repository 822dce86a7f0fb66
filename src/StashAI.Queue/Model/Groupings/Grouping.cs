namespace StashAI.Queue.Model.Groupings;

/// <summary>The last grouping of what a job's results show of unknown subjects, and how far it is.</summary>
public sealed record Grouping
{
    /// <summary>The job that it was asked for, and with which it is removed.</summary>
    public required long JobKey { get; init; }

    /// <summary>The internal key of the bulk operation that asked for it. A later operation takes over.</summary>
    public required long BulkKey { get; init; }

    /// <summary>The internal keys of the jobs whose results are grouped together, this one first.</summary>
    public required IReadOnlyList<long> Jobs { get; init; }

    /// <summary>How much alike the parts of a group are at least; null for the service's default.</summary>
    public double? Threshold { get; init; }

    /// <summary>The smallest group.</summary>
    public required int MinSize { get; init; }

    /// <summary>The completed tasks of the jobs when it was asked for.</summary>
    public required int Total { get; init; }

    /// <summary>How many results were read.</summary>
    public int Done { get; init; }

    /// <summary>How many parts they have; 0 before the end, as all that follows.</summary>
    public int Parts { get; init; }

    /// <summary>How many parts are unknown, without those of groups whose subject was erased since.</summary>
    public int Unknown { get; init; }

    /// <summary>How many groups there are, without those whose subject was erased since.</summary>
    public int Groups { get; init; }

    /// <summary>The version of the data that says which parts are unknown; null before the end.</summary>
    public long? Version { get; init; }

    public bool IsOver { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
