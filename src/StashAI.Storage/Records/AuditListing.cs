using StashAI.Queue.Model.Audit;

namespace StashAI.Storage.Records;

/// <summary>
/// Makes a page of the entries that an index leads to. It looks at so many at most, so that a query for something rare costs no more than
/// one for everything. Every database compares by the same code.
/// </summary>
internal sealed class AuditListing(AuditQuery query)
{
    /// <summary>The most entries that one read looks at.</summary>
    public const int MaxExamined = 5_000;

    private readonly List<AuditEntry> found = [];
    private long last;
    private int examined;
    private int matches;

    /// <summary>Looks at the next entry, newest first.</summary>
    public void Examine(AuditEntry entry)
    {
        examined++;
        last = entry.Key;
        if (!IsWanted(entry)) return;
        matches++;
        if (found.Count <= query.Limit) found.Add(entry);
    }

    public AuditPage Page()
    {
        var isComplete = examined < MaxExamined;
        if (found.Count <= query.Limit) return new AuditPage(found, isComplete ? null : last, matches, isComplete);
        var shown = found.Take(query.Limit).ToList();
        return new AuditPage(shown, shown[^1].Key, matches, isComplete);
    }

    private bool IsWanted(AuditEntry entry) =>
        (query.Who is null || entry.Who == query.Who)
        && (query.Action is null || entry.Action == query.Action)
        && (query.TargetKind is null || entry.TargetKind == query.TargetKind)
        && (query.TargetId is null || entry.TargetId == query.TargetId)
        && (query.After is not { } after || entry.At > after)
        && (query.Before is not { } before || entry.At < before);
}
