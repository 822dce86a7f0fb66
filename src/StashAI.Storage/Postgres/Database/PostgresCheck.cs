using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Reads the server's own views of open transactions and dead rows.</summary>
internal sealed class PostgresCheck(PostgresDatabase database) : IDatabaseCheck
{
    // Only members of pg_read_all_stats see the times of other users' sessions; everybody sees prepared transactions.
    private const string OldestTransaction = """
        SELECT age_ms, holder FROM (
            SELECT (EXTRACT(EPOCH FROM clock_timestamp() - xact_start) * 1000)::bigint AS age_ms,
                'Session ' || pid || COALESCE(' (' || NULLIF(application_name, '') || ')', '') AS holder
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) AND xact_start IS NOT NULL
            UNION ALL
            SELECT (EXTRACT(EPOCH FROM clock_timestamp() - prepared) * 1000)::bigint, 'The prepared transaction ' || gid
            FROM pg_prepared_xacts WHERE database = current_database()) AS open
        ORDER BY age_ms DESC LIMIT 1
        """;

    private const string DeadRows = """
        SELECT n_dead_tup, n_live_tup, relname::text FROM pg_stat_user_tables
        WHERE relid = ANY (ARRAY['queue_tasks', 'queue_jobs', 'totals', 'task_results', 'payload_chunks']::regclass[])
        ORDER BY n_dead_tup DESC LIMIT 1
        """;

    public async Task<DatabaseHealth> CheckAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(OldestTransaction).Add(DeadRows);
        await using var rows = await batch.ReadAsync(cancellationToken);
        var (age, holder) = await rows.ReadAsync(cancellationToken) ? (rows.GetInt64(0), rows.GetString(1)) : (0, null);
        await rows.NextResultAsync(cancellationToken);
        var (dead, live, table) = await rows.ReadAsync(cancellationToken)
            ? (rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2))
            : (0, 0, null);
        await PostgresBatch.EndAsync(rows, cancellationToken);
        return new DatabaseHealth(TimeSpan.FromMilliseconds(Math.Max(0, age)), holder, dead, live, table);
    }
}
