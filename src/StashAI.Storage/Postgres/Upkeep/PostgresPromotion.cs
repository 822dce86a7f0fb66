using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Storage.Changes;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Jobs;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Upkeep;

/// <summary>Makes due tasks available, and starts jobs whose start time has come.</summary>
internal static class PostgresPromotion
{
    private const string NextDue = """
        SELECT LEAST((SELECT MIN(due_at) FROM queue_tasks WHERE due_at IS NOT NULL), (SELECT MIN(start_at) FROM queue_jobs WHERE waiting = 1))
        """;

    private const string DueNow = "SELECT id FROM queue_tasks WHERE due_at <= stashai_now() ORDER BY due_at LIMIT $1";

    private const string Promote = $"""
        WITH done AS (
            UPDATE queue_tasks SET state = 0 /* Available */, requeued = CASE WHEN crashes > 1 THEN 2 ELSE 1 END,
                version = version + 1, due_at = NULL
            WHERE id = ANY ($2) AND state = 1 /* Scheduled */ AND due_at <= stashai_now()
            RETURNING id, version, requeued),
        changed AS (
            SELECT id, version, 1 /* Scheduled */ AS was, 0 /* Available */ AS becomes, requeued & 1 AS requeued, 0.0::float8 AS ms
            FROM done)
        {PostgresUnit.Move} {PostgresUnit.Changes}
        """;

    public static async Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteDueAsync(
        PostgresSession session, int limit, CancellationToken cancellationToken)
    {
        long[] due;
        long[] starts;
        await using (var look = session.Batch().Add(PostgresDeadlines.DueStarts, Value(limit)).Add(DueNow, Value(limit)).Add(NextDue))
        await using (var rows = await look.ReadAsync(cancellationToken))
        {
            starts = await PostgresRows.KeysAsync(rows);
            await rows.NextResultAsync(cancellationToken);
            due = await PostgresRows.KeysAsync(rows);
            if (due.Length + starts.Length == 0) return (ChangeSet.Empty, await DueAsync(rows));
        }

        var started = starts.Length == 0 ? ChangeSet.Empty : await PostgresDeadlines.StartAsync(session, starts);
        await using var batch = session.Batch()
            .Add(PostgresUnit.LockJobs, Value(PostgresUnit.JobsOf(due)))
            .Add(Promote, Value(0L), Value(due))
            .Add(NextDue);
        await using var done = await batch.ReadAsync(CancellationToken.None);
        await done.NextResultAsync(CancellationToken.None);
        var changes = await PostgresUnit.ReadAsync(done, CancellationToken.None);
        return (ChangeSetBuilder.Join(started, changes), await DueAsync(done));
    }

    private static async Task<DateTimeOffset?> DueAsync(NpgsqlDataReader rows)
    {
        await rows.NextResultAsync();
        DateTimeOffset? due = await rows.ReadAsync() && !rows.IsDBNull(0)
            ? DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(0))
            : null;
        await EndAsync(rows, CancellationToken.None);
        return due;
    }
}
