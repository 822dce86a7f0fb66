namespace StashAI.Queue.Policies;

/// <summary>Decides how many tasks a lane may give to a node now (S3). The rows say it all; nothing is remembered here.</summary>
public static class LaneGate
{
    /// <summary>How far the lane is open at <paramref name="now"/> (Unix milliseconds) to a node with these labels.</summary>
    public static LaneCapacity Evaluate(LaneStatus lane, LabelSet node, long now)
    {
        var isTrial = lane.Circuit.IsParked;
        // A health path that says yes proves little: until a task was answered one at a time is called.
        var isOnTrust = !isTrial && lane.Circuit.Pauses > 0;
        int? turn = isTrial ? lane.Circuit.Pauses : isOnTrust ? lane.Circuit.Pauses + lane.Circuit.Failures + lane.Circuit.Suspects : null;
        var isCapped = isTrial || isOnTrust || lane.MaxRunning is not null || lane.Rate is not null;
        var bucket = lane.Rate is { } rate ? lane.Bucket.RefillAt(now, rate) : default;
        if (!node.Satisfies(lane.RequiredLabels)) return Shut(null);
        if (lane.BlockedUntil > now) return Shut(lane.BlockedUntil - now);
        if (isTrial)
        {
            if (lane.HasHealthPath) return Shut(null);
            if (lane.Circuit.Until > now) return Shut(lane.Circuit.Until - now);
        }

        var most = isTrial || isOnTrust ? 1 : lane.MaxRunning ?? int.MaxValue;
        var room = Math.Max(0, most - lane.Running);
        if (lane.Rate is not { } limit || room == 0) return new LaneCapacity(room, isCapped, bucket, isTrial, null) { IsShut = isTrial && room == 0, Turn = turn };
        return bucket.Whole > 0
            ? new LaneCapacity(Math.Min(room, bucket.Whole), isCapped, bucket, isTrial, null) { Turn = turn }
            : new LaneCapacity(0, isCapped, bucket, isTrial, bucket.UntilNext(limit));

        LaneCapacity Shut(long? milliseconds) =>
            new(0, isCapped, bucket, isTrial, milliseconds is { } wait ? TimeSpan.FromMilliseconds(wait) : null) { IsShut = true };
    }
}
