using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>
/// Ends everything that makes the lanes of a service wait: the pause that it asked for, its circuit, and the delays of its tasks.
/// </summary>
internal static class PostgresReopen
{
    private const string Open = """
        WITH shut AS (
            SELECT id, service, authority, circuit_state FROM lanes
            WHERE ($1 = '*' OR service = $1)
                AND (blocked_until > stashai_now() OR circuit_state <> 0 /* Closed */
                    OR circuit_failures + circuit_suspects + circuit_pauses <> 0)
            ORDER BY id FOR NO KEY UPDATE)
        UPDATE lanes SET blocked_until = 0, circuit_state = 0 /* Closed */, circuit_failures = 0, circuit_suspects = 0,
            circuit_pauses = 0, circuit_until = 0
        FROM shut WHERE lanes.id = shut.id
        RETURNING shut.id, shut.service, shut.authority, shut.circuit_state, stashai_now()
        """;

    private const string Waiting = """
        SELECT t.id FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24
        WHERE t.due_at > stashai_now() AND ($1 = '*' OR j.service = $1) ORDER BY t.due_at LIMIT $2
        """;

    private const string MakeDue = """
        UPDATE queue_tasks SET due_at = stashai_now(), throttled_since = NULL WHERE id = ANY ($1) AND state = 1 /* Scheduled */
            AND due_at > stashai_now()
        """;

    public static async Task<Reopening> OpenLanesAsync(PostgresSession session, string service, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Open, Text(service));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var (count, closed) = (0, new List<LaneChange>());
        for (; await rows.ReadAsync(cancellationToken); count++)
        {
            var state = (CircuitState)rows.GetInt16(3);
            if (state == CircuitState.Closed) continue;
            closed.Add(new LaneChange(
                rows.GetInt64(0), rows.GetString(1), rows.GetString(2), state, CircuitState.Closed,
                DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(4))));
        }

        await EndAsync(rows, cancellationToken);
        return new Reopening(count, 0, new ChangeSet([], []) { Lanes = closed });
    }

    /// <summary>Makes up to <paramref name="limit"/> of the service's scheduled tasks due; returns how many.</summary>
    public static async Task<int> MakeTasksDueAsync(PostgresSession session, string service, int limit)
    {
        var keys = new List<long>();
        await using (var look = session.Batch().Add(Waiting, Text(service), Value((long)limit)))
        await using (var rows = await look.ReadAsync(CancellationToken.None))
        {
            while (await rows.ReadAsync()) keys.Add(rows.GetInt64(0));
        }

        if (keys.Count == 0) return 0;
        long[] tasks = [.. keys];
        await using var batch = session.Batch().Add(PostgresUnit.LockJobs, Value(PostgresUnit.JobsOf(tasks))).Add(MakeDue, Value(tasks));
        await batch.RunAsync(CancellationToken.None);
        return tasks.Length;
    }
}
