using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Upkeep;

/// <summary>
/// Raises the priority of jobs that wait because jobs of a higher priority take every slot. Within a priority the order is fair, so reading
/// the head of each is enough: a few entries of the claim's index, however many jobs wait.
/// </summary>
internal static class SqliteAging
{
    private const int MaxPriority = 9;

    private const string OpenLanes = """
        SELECT id FROM lanes l WHERE blocked_until <= stashai_now() AND circuit_state NOT IN (1, 2) /* Open, HalfOpen */
            AND NOT EXISTS (SELECT 1 FROM services s
                WHERE s.name = l.service AND (s.open_from > stashai_now() OR s.open_until <= stashai_now()))
            AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.service IN (l.service, '*'))
            AND EXISTS (SELECT 1 FROM queue_jobs j WHERE j.lane_id = l.id
                AND j.available > 0 AND j.paused = 0 AND j.cancelling = 0 AND j.running < j.max_parallel)
        """;

    private const string Heads = """
        SELECT id, waiting_since NOT BETWEEN stashai_now() - ?4 + 1 AND stashai_now() + 60000 FROM queue_jobs
        WHERE lane_id = ?1 AND effective_priority = ?2 AND available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel
        ORDER BY vtime, id LIMIT ?3
        """;

    private const string Raise =
        "UPDATE queue_jobs SET effective_priority = effective_priority + 1, waiting_since = stashai_now() WHERE id = ?1";

    /// <summary>The jobs to raise, from the highest priority down, so that none is raised twice.</summary>
    public static List<long> Find(SqliteSession session, long stepMs, int limit)
    {
        var lanes = new List<long>();
        var open = session.Use(OpenLanes);
        while (open.Step()) lanes.Add(open.Int64(0));

        var jobs = new List<long>();
        foreach (var lane in lanes)
        {
            for (var priority = MaxPriority - 1; priority >= 0; priority--)
            {
                var heads = session.Use(Heads).Bind(1, lane).Bind(2, priority).Bind(3, limit).Bind(4, stepMs);
                while (heads.Step())
                {
                    if (heads.Int32(1) != 0) jobs.Add(heads.Int64(0));
                }
            }
        }

        return jobs;
    }

    /// <summary>Checks the jobs again under the write lock, and raises them.</summary>
    public static int Run(SqliteSession session, long stepMs, int limit)
    {
        var jobs = Find(session, stepMs, limit);
        foreach (var job in jobs) session.Use(Raise).Bind(1, job).Run();
        return jobs.Count;
    }
}
