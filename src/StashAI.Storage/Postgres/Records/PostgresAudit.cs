using Npgsql;
using StashAI.Queue.Model.Audit;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Records;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>The log of changes by people.</summary>
internal sealed class PostgresAudit(PostgresDatabase database) : IAudit
{
    private const string Insert = """
        INSERT INTO audit_log (at, who, action, target_kind, target_id, address, details) VALUES (stashai_now(), $1, $2, $3, $4, $5, $6)
        """;

    private const string Columns = "SELECT id, at, who, action, target_kind, target_id, address, details FROM audit_log";

    private const string Newest = $"{Columns} WHERE id < $1 ORDER BY id DESC LIMIT $2";

    // Compared and ordered by both columns, so that only the index over them can answer, also for somebody who did little.
    private const string OfTarget = $"{Columns} WHERE (target_id, id) >= ($3, 0::bigint) AND (target_id, id) < ($3, "
        + "$1) AND target_id IS NOT NULL ORDER BY target_id DESC, id DESC LIMIT $2";

    private const string OfWho = $"{Columns} WHERE (who, id) >= ($3, 0::bigint) AND (who, id) < ($3, $1) "
        + "ORDER BY who DESC, id DESC LIMIT $2";

    private const string OfAction = $"{Columns} WHERE (action, id) >= ($3, 0::bigint) AND (action, id) < ($3, $1) "
        + "ORDER BY action DESC, id DESC LIMIT $2";

    private const string RemoveOld = $"""
        DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < {PostgresClock.Trusted} - $1 ORDER BY at LIMIT $2)
        RETURNING id
        """;

    public async Task AddAuditAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Insert, Text(entry.Who), Text(entry.Action), Text(entry.TargetKind), Text(entry.TargetId), Text(entry.Address),
            Text(entry.Details));
        await batch.RunAsync(CancellationToken.None);
    }

    public async Task<IReadOnlyList<AuditEntry>> ListAuditAsync(long before, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Newest, Value(before), Value(limit));
        return await PostgresRows.ListAsync(batch, Read, cancellationToken);
    }

    public async Task<AuditPage> QueryAuditAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        var (before, most) = (Value(query.BeforeKey), Value(AuditListing.MaxExamined));
        if (query.TargetId is { } target) batch.Add(OfTarget, before, most, Text(target));
        else if (query.Who is { } who) batch.Add(OfWho, before, most, Text(who));
        else if (query.Action is { } action) batch.Add(OfAction, before, most, Text(action));
        else batch.Add(Newest, before, most);
        var listing = new AuditListing(query);
        foreach (var entry in await PostgresRows.ListAsync(batch, Read, cancellationToken)) listing.Examine(entry);
        return listing.Page();
    }

    public async Task<int> RemoveAuditAsync(TimeSpan keep, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(RemoveOld, Value((long)keep.TotalMilliseconds), Value(limit));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count;
    }

    private static AuditEntry Read(NpgsqlDataReader row) => new(
        row.GetString(2), row.GetString(3), row.GetString(4), PostgresRows.TextOrNull(row, 5), PostgresRows.TextOrNull(row, 6),
        PostgresRows.TextOrNull(row, 7))
    {
        Key = row.GetInt64(0),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
    };
}
