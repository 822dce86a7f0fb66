using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;

namespace StashAI.Server.Cli.Work;

/// <summary>How a job is told in one line.</summary>
internal static class JobText
{
    /// <summary>Such as <c>90 done, 3 failed, 4 running, 103 waiting</c>; what is zero is left out.</summary>
    public static string Counts(JobProgress job)
    {
        var done = job.CachedTasks == 0 ? "done" : $"done ({job.CachedTasks} cached)";
        List<(int Count, string Word)> parts =
        [
            (job.CompletedTasks, done), (job.FailedTasks, "failed"), (job.CancelledTasks, "cancelled"),
            (job.RunningTasks, "running"), (job.PendingTasks, "waiting"),
        ];
        return string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{part.Count} {part.Word}"));
    }

    public static string Line(JobProgress job, string id)
    {
        var name = string.IsNullOrEmpty(job.JobName) ? "" : $"  {job.JobName}";
        return $"{id}  {ProgressLines.Bar(job.ProcessedPercentage)}  {Words.Of(job.State)}: {Counts(job)}{name}";
    }
}
