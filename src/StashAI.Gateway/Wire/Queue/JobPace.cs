using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>How fast a job is, and when it will be over.</summary>
/// <param name="PerSecond">Tasks that ended in a second, since it started; null before.</param>
/// <param name="Eta">When it will probably be over; null when nobody knows.</param>
internal readonly record struct JobPace(double? PerSecond, Eta? Eta)
{
    /// <summary>The speed of a job since its start.</summary>
    public static double? RateOf(JobView job, DateTimeOffset now)
    {
        if (job.StartedAt is not { } start || job.Counters.Ended == 0) return null;
        var seconds = ((job.FinishedAt ?? now) - start).TotalSeconds;
        return seconds > 0 ? job.Counters.Ended / seconds : null;
    }
}
