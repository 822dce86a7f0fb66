using StashAI.Queue.Engine;
using StashAI.Queue.Model.Subjects;

namespace StashAI.Gateway.Submit.Results;

/// <summary>Judges the results again that show somebody, after the gallery changed.</summary>
internal sealed class SubjectResults(QueueEngine engine)
{
    /// <summary>The most results that are looked for; all results of their jobs are judged.</summary>
    private const int MaxResults = 10_000;

    private const int PageSize = 1000;

    /// <summary>The most jobs that are judged again.</summary>
    private const int MaxJobs = 200;

    /// <summary>The most results of a job that are judged while the client waits; the others follow.</summary>
    private const int MaxAtOnce = 50;

    /// <summary>
    /// Judges the results of the jobs that show any of these subjects: some at once, the others by operations that are stored. It goes
    /// through, whether or not the client still waits.
    /// </summary>
    /// <param name="subjects">The ids of the subjects, as results have them.</param>
    /// <param name="askedBy">The name of the caller's API key; null without one.</param>
    public async Task<JudgedResults> JudgeAsync(IEnumerable<string> subjects, string? askedBy)
    {
        var (judged, waiting, jobs) = (0, 0, new List<Guid>());
        foreach (var (jobId, tasks) in await FindAsync(subjects))
        {
            if (jobs.Count == MaxJobs) break;
            if (await engine.Read.FindJobAsync(jobId, CancellationToken.None) is not { } job) continue;
            // Nothing is known of such results but what they say.
            if (!await engine.Results.Rematches.HasDerivedAsync(job.Key, CancellationToken.None)) continue;
            var (done, _) = await engine.Results.JudgeResultsAsync(job, [.. tasks.Take(MaxAtOnce)], askedBy, CancellationToken.None);
            judged += done;
            waiting += tasks.Count - done;
            jobs.Add(jobId);
        }

        return new JudgedResults(judged, waiting, jobs);
    }

    /// <summary>The tasks that show any of some subjects, each once, by job; of one subject those with the best scores first.</summary>
    private async Task<Dictionary<Guid, List<long>>> FindAsync(IEnumerable<string> subjects)
    {
        var found = new Dictionary<Guid, List<long>>();
        var known = new HashSet<long>();
        var count = 0;
        foreach (var subject in subjects)
        {
            SubjectTaskPage page;
            SubjectPlace? after = null;
            do
            {
                page = await engine.Results.Subjects.ListTasksAsync(
                    new SubjectQuery(subject, null, null, after, PageSize), CancellationToken.None);
                foreach (var shown in page.Tasks)
                {
                    if (!found.TryGetValue(shown.JobId, out var tasks)) found.Add(shown.JobId, tasks = []);
                    if (known.Add(shown.Task.Key)) tasks.Add(shown.Task.Key);
                    count++;
                    after = shown.Place;
                }
            }
            while (page.HasMore && count < MaxResults);
        }

        return found;
    }
}
