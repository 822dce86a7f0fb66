using System.Runtime.CompilerServices;
using StashAI.Client;
using StashAI.Client.Errors;
using StashAI.Client.Models;

namespace StashAI.Server.Cli.Work;

/// <summary>All jobs that run or wait, followed until none is left. Jobs that come meanwhile are among them.</summary>
internal static class OpenJobs
{
    public static JobFilter Filter { get; } = new() { States = [JobState.Pending, JobState.Running] };

    /// <summary>A job's id, so short that it is probably clear among jobs that nobody knows yet.</summary>
    public static string Short(Guid id) => id.ToString()[..13];

    public static async IAsyncEnumerable<JobProgress> WatchAsync(
        StashClient client, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new HashSet<Guid>();
        await foreach (var update in client.WatchJobsAsync(Filter, cancellationToken))
        {
            if (update.IsPage)
            {
                await foreach (var progress in CatchUpAsync(client, open, cancellationToken)) yield return progress;
            }
            else
            {
                foreach (var job in update.Jobs)
                {
                    open.Add(job.Id);
                    yield return job.Progress;
                }

                foreach (var job in update.Left.Where(job => open.Remove(job.Id))) yield return job.Progress;
                open.ExceptWith(update.Removed);
            }

            if (open.Count == 0) yield break;
        }
    }

    /// <summary>A page shows the newest only, and what ended before it came is not on it.</summary>
    private static async IAsyncEnumerable<JobProgress> CatchUpAsync(
        StashClient client, HashSet<Guid> open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = open.ToList();
        open.Clear();
        await foreach (var job in client.JobsAsync(JobQuery.Of(Filter), cancellationToken))
        {
            open.Add(job.Id);
            yield return job.Progress;
        }

        foreach (var id in before.Where(id => !open.Contains(id)))
        {
            if (await FindAsync(client, id, cancellationToken) is not { } job) continue;
            if (!job.IsOver) open.Add(id);
            yield return job.Progress;
        }
    }

    private static async Task<Job?> FindAsync(StashClient client, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await client.JobAsync(id, cancellationToken);
        }
        catch (StashNotFoundException)
        {
            return null;
        }
    }
}
