namespace StashAI.Queue.Policies;

/// <summary>
/// Divides free slots one at a time: to the highest priority; among equal priorities to the lane that got the fewest; and within a lane to
/// the job with the smallest virtual time, which then increases. Calls ahead are allocated last, and never from a lane with a hard
/// limit: a task that waits for a slot would block one that could run on another node.
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
        var heldBack = queues.RemoveAll(queue => queue is { IsCapped: true, HasCapacity: true }) > 0;
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
        private readonly PriorityQueue<(JobCandidate Job, int Given), (int Priority, long VirtualTime, long Key)> jobs = new();

        public LaneQueue(LaneCandidate lane)
        {
            this.lane = lane;
            foreach (var job in lane.Jobs) jobs.Enqueue((job, 0), (-job.Priority, job.VirtualTime, job.Key));
        }

        public int Taken { get; private set; }

        public bool IsCapped => lane.Capacity.IsCapped;

        public bool HasCapacity => jobs.Count > 0 && Taken < lane.Capacity.FreeCalls;

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
