using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>Claims tasks on two levels: first jobs by priority and virtual time, then each job's next tasks in item order.</summary>
internal static class SqliteClaim
{
    private const string ReadNode = """
        SELECT labels, stashai_now(), suspect_id,
            EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = nodes.suspect_id AND t.node_id = ?1 AND t.state = 2 /* Running */)
        FROM nodes WHERE id = ?1 AND lease_until > stashai_now() AND rescued = 0
        """;

    public static ClaimedBatch Run(SqliteSession session, ClaimRequest request)
    {
        var (nodeKey, slots, ahead) = (request.NodeKey, request.Slots, request.Ahead);
        var node = session.Use(ReadNode).Bind(1, nodeKey);
        if (!node.Step()) return ClaimedBatch.Empty;
        var (labels, now) = (LabelSet.Parse(node.Text(0)), node.Int64(1));
        long? own = node.IsNull(2) ? null : node.Int64(2);
        var isAlone = node.Int32(3) != 0;
        node.Reset();
        if (isAlone) return ClaimedBatch.Empty with { Suspect = own };
        var (lanes, areAll) = SqliteOpenLanes.ReadOpenLanes(session, request, labels, now);
        var suspects = SqliteSuspects.FindAll(session);
        var choice = Quarantine.Choose(nodeKey, request.IsIdle, suspects, lanes.ToDictionary(lane => lane.Key, lane => lane.Capacity));
        if (choice is { Suspect: { } suspect, TakesNow: true })
            return SqliteSuspects.Take(session, nodeKey, now, suspect, lanes.First(lane => lane.Key == LaneOf(suspects, suspect)));
        if (choice.Suspect != own) SqliteSuspects.Reserve(session, nodeKey, choice.Suspect);
        if (choice.Suspect is not null) return ClaimedBatch.Empty with { Suspect = choice.Suspect };
        // Jobs with nothing but suspects must not take the places of later jobs.
        var limit = slots + ahead + suspects.Count;
        var candidates = MostUrgent(lanes, limit);
        foreach (var lane in candidates)
        {
            SqliteOpenLanes.ReadJobs(session, lane, lane.Capacity.TrialNumber is null ? limit : TrialChoice.MaxCandidates);
            TrialChoice.KeepTrialJob(lane);
        }

        if (suspects.Count > 0) candidates = candidates.ConvertAll(lane => Quarantine.WithoutSuspects(nodeKey, suspects, lane));
        var allocation = FairShare.Allocate(slots, ahead, candidates);
        var limits = LaneCandidate.LimitsOf(lanes);
        var opensIn = Earlier(lanes.Min(lane => lane.Capacity.OpensIn), SqliteOpenLanes.ReadNextOpening(session, now));
        // Lanes have all of their jobs here, or none: where there are suspects, the candidates are other objects.
        areAll &= own is null && suspects.Count == 0;
        if (allocation.Picks.Count == 0)
        {
            return ClaimedBatch.Empty with
            {
                CappedLaneWaits = allocation.CappedLaneWaits,
                Limits = limits,
                OpensIn = opensIn,
                TookAll = TookAll([]),
            };
        }

        var unit = new SqliteUnit(session);
        var circuits = new SqliteCircuits(session);
        var byJob = new Dictionary<long, Queue<ClaimedTask>>();
        // By key: lanes and jobs are records, which compare all that they have.
        foreach (var ofLane in allocation.Picks.GroupBy(pick => pick.Lane.Key))
        {
            var (lane, count, calls) = (ofLane.First().Lane, 0, 0);
            foreach (var job in ofLane.GroupBy(pick => pick.Job.Key))
            {
                var tasks = SqliteTake.FromJob(session, unit, nodeKey, now, job.First().Job, job.Count());
                count += tasks.Count;
                calls += CallGrouping.Count(tasks.Select(task => task.PackSize));
                byJob.Add(job.Key, tasks);
            }

            SqliteOpenLanes.AdvanceLane(session, lane, count, calls);
            if (lane.Capacity.IsTrial) circuits.Move(lane.Key, CircuitEvent.TrialBegun);
        }

        var tookAll = TookAll(byJob);
        var claimed = CallGrouping.Group(allocation.Picks, byJob);
        var changes = unit.Finish() with { Lanes = circuits.Finish() };
        return new ClaimedBatch(claimed, changes)
        {
            CappedLaneWaits = allocation.CappedLaneWaits,
            Limits = limits,
            OpensIn = opensIn,
            TookAll = tookAll,
        };

        bool TookAll(Dictionary<long, Queue<ClaimedTask>> taken) =>
            areAll && allocation.TookAll(slots + ahead, lanes, job => taken.TryGetValue(job, out var tasks) ? tasks.Count : 0);
    }

    /// <summary>
    /// The lanes that may get a slot: as each gives at least one task, no more lanes than slots, plus one that may have to wait.
    /// </summary>
    private static List<LaneCandidate> MostUrgent(List<LaneCandidate> lanes, int limit)
    {
        var open = lanes.FindAll(lane => lane.Capacity.HasRoom);
        if (open.Count <= limit) return open;
        open.Sort((a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.ServedAt.CompareTo(b.ServedAt));
        var candidates = open.GetRange(0, limit);
        if (open.Find(lane => lane.Capacity.IsCapped && !candidates.Contains(lane)) is { } held) candidates.Add(held);
        return candidates;
    }

    private static TimeSpan? Earlier(TimeSpan? one, long? milliseconds)
    {
        if (milliseconds is not { } wait) return one;
        var other = TimeSpan.FromMilliseconds(wait);
        return one < other ? one : other;
    }

    private static long LaneOf(List<Suspect> suspects, long key) => suspects.First(suspect => suspect.Key == key).LaneKey;
}
