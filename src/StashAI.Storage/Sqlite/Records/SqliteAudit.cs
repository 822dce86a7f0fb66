using StashAI.Queue.Model.Audit;
using StashAI.Queue.Store;
using StashAI.Storage.Records;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>The log of changes by people.</summary>
internal sealed class SqliteAudit(SqliteWriter writer, SqliteReaders readers) : IAudit
{
    private const string Insert = """
        INSERT INTO audit_log (at, who, action, target_kind, target_id, address, details) VALUES (stashai_now(), ?1, ?2, ?3, ?4, ?5, ?6)
        """;

    private const string Columns = "SELECT id, at, who, action, target_kind, target_id, address, details FROM audit_log";

    private const string Newest = $"{Columns} WHERE id < ?1 ORDER BY id DESC LIMIT ?2";

    private const string OfTarget =
        $"{Columns} INDEXED BY audit_log_of_target WHERE target_id = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2";

    private const string OfWho = $"{Columns} INDEXED BY audit_log_of_who WHERE who = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2";

    private const string OfAction =
        $"{Columns} INDEXED BY audit_log_of_action WHERE action = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2";

    private const string RemoveOld = $"""
        DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < {SqliteClock.Trusted} - ?1 ORDER BY at LIMIT ?2)
        """;

    public Task AddAuditAsync(AuditEntry entry, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Insert).Bind(1, entry.Who).Bind(2, entry.Action).Bind(3, entry.TargetKind).Bind(4, entry.TargetId)
            .Bind(5, entry.Address).Bind(6, entry.Details).Run(),
        cancellationToken);

    public Task<IReadOnlyList<AuditEntry>> ListAuditAsync(long before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<AuditEntry>>(session => List(session, before, limit), cancellationToken);

    public Task<AuditPage> QueryAuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Query(session, query), cancellationToken);

    public Task<int> RemoveAuditAsync(TimeSpan keep, int limit, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(RemoveOld).Bind(1, (long)keep.TotalMilliseconds).Bind(2, limit).Run(), cancellationToken, isBulk: true);

    private static List<AuditEntry> List(SqliteSession session, long before, int limit)
    {
        var found = new List<AuditEntry>();
        var row = session.Use(Newest).Bind(1, before).Bind(2, limit);
        while (row.Step()) found.Add(Read(row));
        return found;
    }

    private static AuditPage Query(SqliteSession session, AuditQuery query)
    {
        var listing = new AuditListing(query);
        var rows = query switch
        {
            { TargetId: { } target } => session.Use(OfTarget).Bind(3, target),
            { Who: { } who } => session.Use(OfWho).Bind(3, who),
            { Action: { } action } => session.Use(OfAction).Bind(3, action),
            _ => session.Use(Newest),
        };
        rows.Bind(1, query.BeforeKey).Bind(2, AuditListing.MaxExamined);
        while (rows.Step()) listing.Examine(Read(rows));
        return listing.Page();
    }

    private static AuditEntry Read(SqliteStatement row) => new(
        row.Text(2), row.Text(3), row.Text(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7))
    {
        Key = row.Int64(0),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(1)),
    };
}
