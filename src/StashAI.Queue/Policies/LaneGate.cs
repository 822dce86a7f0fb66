using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Policies;

/// <summary>Decides how many calls of a lane a node may begin now (S3). It keeps no state: everything is in the lane's row.</summary>
public static class LaneGate
{
    /// <summary>The capacity of the lane at <paramref name="now"/> (Unix milliseconds) for a node with these labels.</summary>
    public static LaneCapacity Evaluate(LaneStatus lane, LabelSet node, long now)
    {
        var isTrial = lane.Circuit.IsParked;
        // A healthy health path proves little: only one task at a time is called until one is answered.
        var isRecovering = !isTrial && lane.Circuit.Pauses > 0;
        int? trialNumber = isTrial
            ? lane.Circuit.Pauses
            : isRecovering ? lane.Circuit.Pauses + lane.Circuit.Failures + lane.Circuit.ServerErrors : null;
        var isCapped = isTrial || isRecovering || lane.MaxRunning is not null || lane.Rate is not null;
        var bucket = lane.Rate is { } rate ? lane.Bucket.RefillAt(now, rate) : default;
        if (!node.Satisfies(lane.RequiredLabels)) return Shut(null);
        if (lane.BlockedUntil > now) return Shut(lane.BlockedUntil - now);
        if (isTrial)
        {
            if (lane.HasHealthPath) return Shut(null);
            if (lane.Circuit.Until > now) return Shut(lane.Circuit.Until - now);
        }

        var most = isTrial || isRecovering ? 1 : lane.MaxRunning ?? int.MaxValue;
        var free = Math.Max(0, most - lane.Running);
        if (trialNumber is null && lane is { Rate: null, Lead.Ahead: > 0, MaxRunning: { } limit }) return OfOnlyNode(limit, free, lane.Lead);
        if (lane.Rate is not { } rateLimit || free == 0)
        {
            return new LaneCapacity(free, isCapped, bucket, isTrial, null) { IsBlocked = isTrial && free == 0, TrialNumber = trialNumber };
        }

        return bucket.WholeTokens > 0
            ? new LaneCapacity(Math.Min(free, bucket.WholeTokens), isCapped, bucket, isTrial, null) { TrialNumber = trialNumber }
            : new LaneCapacity(0, isCapped, bucket, isTrial, bucket.UntilNext(rateLimit));

        LaneCapacity Shut(long? milliseconds) =>
            new(0, isCapped, bucket, isTrial, milliseconds is { } wait ? TimeSpan.FromMilliseconds(wait) : null) { IsBlocked = true };
    }

    /// <summary>All running calls of the lane are this node's, which begins no more of them than the limit, and gets some ahead.</summary>
    private static LaneCapacity OfOnlyNode(int limit, int free, LaneLead lead)
    {
        var room = lead.RoomIn(limit);
        var now = Math.Min(free, room);
        return new LaneCapacity(now, IsCapped: true, default, IsTrial: false, null) { AheadCalls = room - now };
    }
}
