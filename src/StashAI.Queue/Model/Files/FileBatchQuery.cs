namespace StashAI.Queue.Model.Files;

/// <summary>Which batches a page has, newest first.</summary>
public sealed record FileBatchQuery
{
    /// <summary>Only those of this API.</summary>
    public required BatchDialect Dialect { get; init; }

    /// <summary>The newest ones that are older than this one; null for no such bound.</summary>
    public Guid? After { get; init; }

    /// <summary>The oldest ones that are newer than this one, instead; null for no such bound.</summary>
    public Guid? Before { get; init; }

    /// <summary>The most batches.</summary>
    public required int Limit { get; init; }
}
