using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>
/// Ends everything that makes the lanes of a service wait: the pause that it asked for, its circuit, and the delays of its tasks.
/// </summary>
internal static class SqliteReopen
{
    private const string BlockedLanes = """
        SELECT id, service, authority, circuit_state FROM lanes
        WHERE (?1 = '*' OR service = ?1)
            AND (blocked_until > stashai_now() OR circuit_state <> 0 /* Closed */
                OR circuit_failures + circuit_suspects + circuit_pauses <> 0)
        """;

    private const string Open = """
        UPDATE lanes SET blocked_until = 0, circuit_state = 0 /* Closed */, circuit_failures = 0, circuit_suspects = 0,
            circuit_pauses = 0, circuit_until = 0
        WHERE id = ?1
        """;

    private const string MakeDue = """
        UPDATE queue_tasks SET due_at = stashai_now(), throttled_since = NULL WHERE id IN (
            SELECT t.id FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24
            WHERE t.state = 1 /* Scheduled */ AND t.due_at > stashai_now() AND (?1 = '*' OR j.service = ?1) ORDER BY t.due_at LIMIT ?2)
        """;

    public static Reopening OpenLanes(SqliteSession session, string service)
    {
        var shut = new List<(long Key, string Service, string Authority, CircuitState State)>();
        var rows = session.Use(BlockedLanes).Bind(1, service);
        while (rows.Step()) shut.Add((rows.Int64(0), rows.Text(1), rows.Text(2), (CircuitState)rows.Int32(3)));
        var now = DateTimeOffset.FromUnixTimeMilliseconds(session.Now());
        foreach (var lane in shut) session.Use(Open).Bind(1, lane.Key).Run();
        List<LaneChange> closed =
        [
            .. shut.Where(lane => lane.State != CircuitState.Closed)
                .Select(lane => new LaneChange(lane.Key, lane.Service, lane.Authority, lane.State, CircuitState.Closed, now)),
        ];
        return new Reopening(shut.Count, 0, new ChangeSet([], []) { Lanes = closed });
    }

    /// <summary>Makes up to <paramref name="limit"/> of the service's scheduled tasks due; returns how many.</summary>
    public static int MakeTasksDue(SqliteSession session, string service, int limit) =>
        session.Use(MakeDue).Bind(1, service).Bind(2, limit).Run();
}
