namespace StashAI.Testing.ScriptedServices;

/// <summary>One call in the ledger. The fields of an open call fill up as it goes on.</summary>
public sealed class LedgerEntry
{
    internal LedgerEntry(long number, DateTimeOffset startedAt)
    {
        Number = number;
        StartedAt = startedAt;
    }

    /// <summary>The order of arrival, from 1.</summary>
    public long Number { get; }

    /// <summary>The item, or null while the body is still arriving or when it broke off.</summary>
    public string? Item { get; internal set; }

    /// <summary>1 for the first call about this item; 0 while the item is unknown.</summary>
    public int Try { get; internal set; }

    /// <summary>When the headers had arrived.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Just before the last byte of the answer, or when the caller was found gone; null while the call is open.</summary>
    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>What was answered: <see cref="Reply.Name"/>, or why nothing was; null while the call is open.</summary>
    public string? Answer { get; internal set; }

    /// <summary>The HTTP status that was sent in full; null while the call is open, or where there was no full answer.</summary>
    public int? StatusCode { get; internal set; }

    /// <summary>True if the caller went away before it had its answer.</summary>
    public bool Disconnected { get; internal set; }

    /// <summary>Bytes of the body.</summary>
    public long BodyLength { get; internal set; }

    /// <summary>The call itself; null if it broke off or the ledger does not keep calls.</summary>
    public ScriptedCall? Call { get; internal set; }

    public override string ToString() =>
        $"#{Number} {Item ?? "?"} try {Try}: {Answer ?? "open"}{(Disconnected ? ", caller gone" : "")}";
}
