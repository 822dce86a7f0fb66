using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>Suspects, which run alone. Usually there is none, so a claim only reads an empty index.</summary>
internal static class PostgresSuspects
{
    public const string Find = """
        SELECT t.id, j.lane_id, j.max_parallel - j.running, (
            SELECT n.id FROM nodes n
            WHERE n.suspect_id = t.id AND n.rescued = 0 AND n.lease_until > stashai_now() ORDER BY n.id LIMIT 1)
        FROM (SELECT id FROM queue_tasks WHERE requeued = 2 /* suspect */ ORDER BY id) AS t JOIN queue_jobs j ON j.id = t.id >> 24
        WHERE j.paused = 0 AND j.cancelling = 0 ORDER BY t.id
        """;

    /// <summary>Reserves a suspect. Also delays a rescue of the node. $1: the node; $2: the suspect, or NULL.</summary>
    public const string ReserveFor = "UPDATE nodes SET suspect_id = $2 WHERE id = $1 RETURNING 1::bigint";

    /// <summary>Records which suspect a node has reserved, and ends the claim.</summary>
    public static async Task ReserveAsync(PostgresSession session, long node, long? suspect)
    {
        await using var batch = session.Batch().Add(ReserveFor, Value(node), OrNull(suspect)).Add(Commit);
        await batch.RunAsync(CancellationToken.None);
    }

    /// <summary>Claims a suspect for a node that has no other tasks.</summary>
    public static async Task<ClaimedBatch> TakeAsync(PostgresSession session, long node, long key, ClaimView seen)
    {
        var laneKey = seen.Suspects.First(suspect => suspect.Key == key).LaneKey;
        var lane = seen.Lanes.First(lane => lane.Key == laneKey);
        var claim = new ClaimBatch(PostgresTake.ClaimSuspect, [key], [1], [TaskKey.JobOf(key)], [lane]) { PackSizes = [1], Suspect = key };
        var (byJob, changes) = await PostgresTake.RunAsync(session, node, claim, seen.Circuits);
        return new ClaimedBatch([.. byJob.Values.SelectMany(tasks => tasks)], changes) { Suspect = key };
    }
}
