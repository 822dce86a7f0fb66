using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Gateway.Submit.Results;

/// <summary>Says of tasks that a person paused what is paused, and who ends it how.</summary>
internal static class WaitPauses
{
    /// <summary>The pause of the job, or else that of the queue or the service; null without one.</summary>
    public static WaitReason? Find(JobView job, Pauses pauses, string address) => job.IsPaused
        ? Of(
            WaitCause.JobPaused, job.Service, address, "The job is paused. Whoever may submit jobs can resume it.",
            EndOf(job, pauses), $"POST /api/queue/jobs/{job.JobId}/resume", ApiScope.Submit)
        : Find(job.Service, pauses, address);

    /// <summary>The pause of the queue, or else that of the service; null without one.</summary>
    public static WaitReason? Find(string service, Pauses pauses, string address)
    {
        if (pauses.All)
        {
            return Of(
                WaitCause.QueuePaused, service, address, "The whole queue is paused. Whoever operates the server can resume it.",
                pauses.EndOf(service), "POST /api/queue/resume", ApiScope.Operate);
        }

        return pauses.Includes(service)
            ? Of(
                WaitCause.ServicePaused, service, address,
                $"The service {service} is paused. Whoever operates the server can resume it.",
                pauses.EndOf(service), $"POST /api/services/{service}/resume", ApiScope.Operate)
            : null;
    }

    /// <summary>When the last of its pauses ends by itself; null when one of them has no end.</summary>
    private static DateTimeOffset? EndOf(JobView job, Pauses pauses)
    {
        if (!pauses.Includes(job.Service)) return job.PausedUntil;
        var end = pauses.EndOf(job.Service);
        return job.PausedUntil is null || job.PausedUntil > end ? job.PausedUntil : end;
    }

    private static WaitReason Of(
        WaitCause cause, string service, string address, string text, DateTimeOffset? until, string resume, ApiScope scope) =>
        new(cause, service, address, null, text, null, null, until) { Resume = resume, ResumeScope = ApiScopeWords.Of(scope) };
}
