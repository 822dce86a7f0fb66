namespace StashAI.Queue.Policies;

/// <summary>
/// Chooses the task that tries whether a service is back. The first task of the queue may be the one that breaks the service, so each trial
/// takes one from another place: the head, the end, and then places in between. Tasks that were never called come first.
/// </summary>
public static class TrialChoice
{
    /// <summary>The most jobs, and the most requeued tasks, to choose among.</summary>
    public const int MaxCandidates = 1000;

    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>Reduces a lane with a trial to the job that is to try the service; leaves other lanes unchanged.</summary>
    public static void KeepTrialJob(LaneCandidate lane)
    {
        if (lane.Capacity.TrialNumber is not { } trial || lane.Jobs.Count == 0) return;
        var neverClaimed = lane.Jobs.FindAll(job => job.Available > job.Requeued);
        var jobs = neverClaimed.Count > 0 ? neverClaimed : lane.Jobs;
        var chosen = jobs[Position(trial, jobs.Count)];
        var skip = neverClaimed.Count > 0
            ? JobCandidate.OnlyNeverClaimed
            : Position(trial / jobs.Count, Math.Min(MaxCandidates, Math.Max(1, chosen.Requeued)));
        lane.Jobs.Clear();
        lane.Jobs.Add(chosen with { PackSize = 1, SkipRequeued = skip });
    }

    /// <summary>
    /// The position of a trial among <paramref name="count"/>: the first, the last, and then by the golden ratio, which leaves no large
    /// gaps.
    /// </summary>
    public static int Position(int trial, int count) => trial switch
    {
        <= 0 => 0,
        1 => count - 1,
        _ => (int)(trial * GoldenRatio % 1 * count),
    };
}
