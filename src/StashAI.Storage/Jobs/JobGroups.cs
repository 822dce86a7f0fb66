using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Jobs;

/// <summary>
/// Merges the newest jobs of several groups into one list, newest first. Of each group only so many were read; below the last one of a
/// group that may have more, nothing is known of that group, so the list ends there.
/// </summary>
internal static class JobGroups
{
    /// <summary>How many jobs are read of each of so many groups.</summary>
    public static int Share(int groups) => Math.Max(100, JobListing.MaxExamined / Math.Max(1, groups));

    /// <param name="jobs">The jobs that were read.</param>
    /// <param name="share">How many were asked for of each group.</param>
    public static (IReadOnlyList<JobCandidate> Jobs, bool IsComplete) Merge(IReadOnlyList<JobCandidate> jobs, int share)
    {
        var cut = jobs.GroupBy(job => (job.Service, job.IsSingleTask, job.State)).Where(group => group.Count() >= share)
            .Select(group => group.Min(job => job.Key)).DefaultIfEmpty(0).Max();
        return ([.. jobs.Where(job => job.Key >= cut).OrderByDescending(job => job.Key)], cut == 0);
    }

    /// <summary>Sorts jobs by rank, the highest first, from behind a place on.</summary>
    /// <param name="jobs">The jobs that were read.</param>
    /// <param name="share">How many were asked for of each group.</param>
    /// <param name="after">The place; null for the beginning.</param>
    public static (IReadOnlyList<JobCandidate> Jobs, bool IsComplete) Sort(IReadOnlyList<JobCandidate> jobs, int share, JobPlace? after)
    {
        var isComplete = jobs.GroupBy(job => (job.Service, job.IsSingleTask, job.State)).All(group => group.Count() < share);
        var behind = jobs.Where(job => after is not { } place || (job.Rank, job.Key).CompareTo((place.Rank, place.Key)) < 0);
        return ([.. behind.OrderByDescending(job => job.Rank).ThenByDescending(job => job.Key)], isComplete);
    }
}
