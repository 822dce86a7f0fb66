using StashAI.Queue.Model.Audit;

namespace StashAI.Queue.Store;

/// <summary>The log of changes by people.</summary>
public interface IAudit
{
    Task AddAuditAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Entries with a key below <paramref name="before"/>, newest first.</summary>
    Task<IReadOnlyList<AuditEntry>> ListAuditAsync(long before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// A page of the entries that match. A read looks at a bounded number of entries: a page may have fewer than it could, while its next
    /// goes on.
    /// </summary>
    Task<AuditPage> QueryAuditAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>Removes up to <paramref name="limit"/> entries that are older than <paramref name="keep"/>; returns how many.</summary>
    Task<int> RemoveAuditAsync(TimeSpan keep, int limit, CancellationToken cancellationToken);
}
