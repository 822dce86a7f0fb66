namespace StashAI.Queue.Policies;

/// <summary>
/// Divides free slots one at a time: to the highest priority; among equal priorities to the lane that got the fewest; and within a lane to
/// the job with the smallest virtual time, which then increases. Calls ahead are allocated last, and from a lane with a hard limit only if
/// it allows that: otherwise a task that waits for a slot would block one that could run on another node.
/// </summary>
public static class FairShare
{
    /// <summary>Allocates the free slots, and then the calls ahead of them, in the order of service.</summary>
    public static SlotAllocation Allocate(int slots, int ahead, IReadOnlyList<LaneCandidate> lanes)
    {
        var queues = new List<LaneQueue>(lanes.Count);
        foreach (var lane in lanes)
        {
            if (lane.Jobs.Count > 0) queues.Add(new LaneQueue(lane));
        }

        var picks = new List<JobPick>(slots + ahead);
        while (picks.Count < slots && Next(queues) is { } queue) picks.Add(queue.Take());
        var heldBack = queues.RemoveAll(queue => queue is { MayLead: false, HasCapacity: true }) > 0;
        foreach (var queue in queues) queue.BeginAhead();
        while (picks.Count < slots + ahead && Next(queues) is { } queue) picks.Add(queue.Take());
        return new SlotAllocation(picks, heldBack);
    }

    private static LaneQueue? Next(List<LaneQueue> queues)
    {
        LaneQueue? best = null;
        foreach (var queue in queues)
        {
            if (!queue.HasCapacity) continue;
            if (best is null || queue.ComesBefore(best)) best = queue;
        }

        return best;
    }

    private sealed class LaneQueue
    {
        private readonly LaneCandidate lane;
        private int most;
        private readonly PriorityQueue<(JobCandidate Job, int Given), (int Priority, long VirtualTime, long Key)> jobs = new();

        public LaneQueue(LaneCandidate lane)
        {
            this.lane = lane;
            most = lane.Capacity.FreeCalls;
            foreach (var job in lane.Jobs) jobs.Enqueue((job, 0), (-job.Priority, job.VirtualTime, job.Key));
        }

        public int Taken { get; private set; }

        /// <summary>False when nothing may be claimed ahead of free slots.</summary>
        public bool MayLead => !lane.Capacity.IsCapped || lane.Capacity.AheadCalls > 0;

        public bool HasCapacity => jobs.Count > 0 && Taken < most;

        public int Priority => jobs.Peek().Job.Priority;

        /// <summary>
        /// A higher priority always comes first. Lanes of equal priority take turns, also across claims, so that no lane starves the
        /// others.
        /// </summary>
        public bool ComesBefore(LaneQueue other)
        {
            if (Priority != other.Priority) return Priority > other.Priority;
            return Taken != other.Taken ? Taken < other.Taken : lane.ServedAt < other.lane.ServedAt;
        }

        public void BeginAhead() => most += lane.Capacity.AheadCalls;

        public JobPick Take()
        {
            var (job, given) = jobs.Dequeue();
            Taken++;
            given++;
            if (given < job.Calls) jobs.Enqueue((job, given), (-job.Priority, job.VirtualTimeAfter(given * job.PackSize), job.Key));
            return new JobPick(lane, job);
        }
    }
}
