namespace StashAI.Queue.Policies;

/// <summary>Decides how many tasks a lane may give to a node now (S3). The rows say it all; nothing is remembered here.</summary>
public static class LaneGate
{
    /// <summary>How far the lane is open at <paramref name="now"/> (Unix milliseconds) to a node with these labels.</summary>
    public static LaneOpening Look(LaneStatus lane, LabelSet node, long now)
    {
        var isCapped = lane.MaxRunning is not null || lane.Rate is not null;
        var bucket = lane.Rate is { } rate ? lane.Bucket.RefillAt(now, rate) : default;
        if (!node.Satisfies(lane.RequiredLabels)) return new LaneOpening(0, isCapped, bucket, null);
        if (lane.BlockedUntil > now) return new LaneOpening(0, isCapped, bucket, TimeSpan.FromMilliseconds(lane.BlockedUntil - now));

        var room = int.MaxValue;
        if (lane.MaxRunning is { } most) room = Math.Max(0, most - lane.Running);
        TimeSpan? opensIn = null;
        if (lane.Rate is { } limit)
        {
            if (room > 0 && bucket.Whole == 0) opensIn = bucket.UntilNext(limit);
            room = Math.Min(room, Math.Max(0, bucket.Whole));
        }

        return new LaneOpening(room, isCapped, bucket, opensIn);
    }
}
