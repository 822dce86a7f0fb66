using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>
/// Claims tasks on two levels: first jobs by priority and virtual time, then each job's next tasks in item order. Two round trips:
/// one that locks the lanes and reads the candidates, one that claims and commits.
/// </summary>
internal static class PostgresClaim
{
    public static async Task<ClaimedBatch> RunAsync(PostgresSession session, ClaimRequest request, CancellationToken cancellationToken)
    {
        var (node, slots, ahead) = (request.NodeKey, request.Slots, request.Ahead);
        var seen = await PostgresOpenLanes.LockAsync(session, request, cancellationToken);
        if (seen.OwnSuspectRuns)
        {
            await EndAsync(session, Rollback);
            return ClaimedBatch.Empty with { Suspect = seen.OwnSuspect };
        }

        var choice = Quarantine.Choose(node, request.IsIdle, seen.Suspects, seen.Capacities);
        if (choice is { Suspect: { } suspect, TakesNow: true }) return await PostgresSuspects.TakeAsync(session, node, suspect, seen);
        if (choice.Suspect is not null)
        {
            await PostgresSuspects.ReserveAsync(session, node, choice.Suspect);
            return ClaimedBatch.Empty with { Suspect = choice.Suspect };
        }

        var lanes = seen.Suspects.Count == 0
            ? seen.Lanes
            : seen.Lanes.ConvertAll(lane => Quarantine.WithoutSuspects(node, seen.Suspects, lane));
        var allocation = FairShare.Allocate(slots, ahead, lanes);
        var limits = LaneCandidate.LimitsOf(lanes);
        var opensIn = lanes.Select(lane => lane.Capacity.OpensIn).Append(seen.UnblocksIn).Min();
        if (allocation.Picks.Count == 0)
        {
            if (seen.OwnSuspect is null) await EndAsync(session, Rollback);
            else await PostgresSuspects.ReserveAsync(session, node, null);
            return ClaimedBatch.Empty with
            {
                CappedLaneWaits = allocation.CappedLaneWaits,
                Limits = limits,
                OpensIn = opensIn,
                TookAll = TookAll([]),
            };
        }

        // No cancellation from here on: the tasks of a committed claim without an answer would stay claimed until the lease ends.
        var byJobs = allocation.Picks.GroupBy(pick => pick.Job.Key).ToList();
        long[] jobs = [.. byJobs.Select(job => job.Key)];
        var claim = new ClaimBatch(
            PostgresTake.Claim, jobs, [.. byJobs.Select(job => job.Count())], jobs,
            [.. allocation.Picks.Select(pick => pick.Lane).DistinctBy(lane => lane.Key)])
        {
            PackSizes = [.. byJobs.Select(job => job.First().Job.PackSize)],
            Skips = [.. byJobs.Select(job => job.First().Job.SkipRequeued)],
            ReleasesSuspect = seen.OwnSuspect is not null,
        };
        var (byJob, changes) = await PostgresTake.RunAsync(session, node, claim, seen.Circuits);
        var tookAll = TookAll(byJob);
        return new ClaimedBatch(CallGrouping.Group(allocation.Picks, byJob), changes)
        {
            CappedLaneWaits = allocation.CappedLaneWaits,
            Limits = limits,
            OpensIn = opensIn,
            TookAll = tookAll,
        };

        bool TookAll(Dictionary<long, Queue<ClaimedTask>> taken) =>
            seen is { SeesAll: true, OwnSuspect: null, Suspects.Count: 0 }
            && allocation.TookAll(slots + ahead, lanes, job => taken.TryGetValue(job, out var tasks) ? tasks.Count : 0);
    }

    /// <summary>Ends the transaction of a claim without tasks.</summary>
    private static async Task EndAsync(PostgresSession session, string how)
    {
        await using var nothing = session.Batch().Add(how);
        await nothing.RunAsync(CancellationToken.None);
    }
}
