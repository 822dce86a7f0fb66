namespace StashAI.Queue.Policies;

/// <summary>
/// Chooses the one task that tries whether a service is back. What comes first in the queue may be what breaks the service, so each trial
/// goes to another place in it: its head, its end, and then ever other places between. Tasks that were never called come before those that were.
/// </summary>
public static class TrialChoice
{
    /// <summary>So many jobs, and so many tasks that come again, are chosen among.</summary>
    public const int MaxCandidates = 1000;

    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>Leaves the lane of a trial the one job that is to try; another lane stays as it is.</summary>
    public static void KeepTrialJob(LaneCandidate lane)
    {
        if (lane.Capacity.TrialNumber is not { } trial || lane.Jobs.Count == 0) return;
        var neverClaimed = lane.Jobs.FindAll(job => job.Available > job.Requeued);
        var jobs = neverClaimed.Count > 0 ? neverClaimed : lane.Jobs;
        var chosen = jobs[Position(trial, jobs.Count)];
        var skip = neverClaimed.Count > 0 ? JobCandidate.OnlyNeverClaimed : Position(trial / jobs.Count, Math.Min(MaxCandidates, Math.Max(1, chosen.Requeued)));
        lane.Jobs.Clear();
        lane.Jobs.Add(chosen with { PackSize = 1, SkipRequeued = skip });
    }

    /// <summary>The place of a turn among so many: 0, the last, and then wherever the golden ratio leads, which leaves no large gap.</summary>
    public static int Position(int trial, int count) => trial switch
    {
        <= 0 => 0,
        1 => count - 1,
        _ => (int)(trial * GoldenRatio % 1 * count),
    };
}
