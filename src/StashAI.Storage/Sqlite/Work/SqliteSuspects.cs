using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>Suspects, which run alone. Usually there is none, so a claim only reads an empty index.</summary>
internal static class SqliteSuspects
{
    private const string Find = """
        SELECT t.id, j.lane_id, j.max_parallel - j.running, (
            SELECT n.id FROM nodes n
            WHERE n.suspect_id = t.id AND n.rescued = 0 AND n.lease_until > stashai_now() ORDER BY n.id LIMIT 1)
        FROM queue_tasks t CROSS JOIN queue_jobs j
        WHERE t.state = 0 /* Available */ AND t.requeued = 2 /* suspect */ AND j.id = t.id >> 24 AND j.paused = 0 AND j.cancelling = 0 ORDER BY t.id
        """;

    private const string ReserveFor = "UPDATE nodes SET suspect_id = ?2 WHERE id = ?1";

    private const string ReadTask = $"""
        SELECT id, fence, attempt, version, (SELECT {SqliteTake.Input} FROM task_inputs WHERE task_id = queue_tasks.id),
            (SELECT item_name FROM task_inputs WHERE task_id = queue_tasks.id), (SELECT item_id FROM task_inputs WHERE task_id = queue_tasks.id)
        FROM queue_tasks WHERE id = ?1
        """;

    private const string NextTurn = "SELECT vtime + 1000000 / weight FROM queue_jobs WHERE id = ?1";

    public static List<Suspect> FindAll(SqliteSession session)
    {
        var suspects = new List<Suspect>();
        var rows = session.Use(Find);
        while (rows.Step()) suspects.Add(new Suspect(rows.Int64(0), rows.Int64(1), rows.Int32(2), rows.IsNull(3) ? null : rows.Int64(3)));
        return suspects;
    }

    /// <summary>Records which suspect a node runs or has reserved.</summary>
    public static void Reserve(SqliteSession session, long node, long? suspect) =>
        session.Use(ReserveFor).Bind(1, node).Bind(2, suspect).Run();

    /// <summary>Claims a suspect for a node that has no other tasks.</summary>
    public static ClaimedBatch Take(SqliteSession session, long node, long now, long key, LaneCandidate lane)
    {
        Reserve(session, node, key);
        var unit = new SqliteUnit(session);
        var circuits = new SqliteCircuits(session);
        var rows = new List<ClaimedRow>(1);
        SqliteTake.ReadRows(session.Use(ReadTask).Bind(1, key), rows);
        var delta = unit.Job(TaskKey.JobOf(key));
        delta.VirtualTime = session.Use(NextTurn).Bind(1, TaskKey.JobOf(key)).Scalar();
        var tasks = SqliteTake.TakeOneTask(session, unit, node, now, TaskKey.JobOf(key), rows[0]);
        SqliteOpenLanes.AdvanceLane(session, lane, 1, 1);
        if (lane.Capacity.IsTrial) circuits.Move(lane.Key, CircuitEvent.TrialBegun);
        return new ClaimedBatch([.. tasks], unit.Finish() with { Lanes = circuits.Finish() }) { Suspect = key };
    }
}
