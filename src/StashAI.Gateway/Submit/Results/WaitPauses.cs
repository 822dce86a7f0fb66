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
            $"POST /api/queue/jobs/{job.JobId}/resume", ApiScope.Submit)
        : Find(job.Service, pauses, address);

    /// <summary>The pause of the queue, or else that of the service; null without one.</summary>
    public static WaitReason? Find(string service, Pauses pauses, string address)
    {
        if (pauses.All)
        {
            return Of(
                WaitCause.QueuePaused, service, address, "The whole queue is paused. Whoever operates the server can resume it.",
                "POST /api/queue/resume", ApiScope.Operate);
        }

        return pauses.Includes(service)
            ? Of(
                WaitCause.ServicePaused, service, address,
                $"The service {service} is paused. Whoever operates the server can resume it.",
                $"POST /api/services/{service}/resume", ApiScope.Operate)
            : null;
    }

    private static WaitReason Of(WaitCause cause, string service, string address, string text, string resume, ApiScope scope) =>
        new(cause, service, address, null, text, null, null, null) { Resume = resume, ResumeScope = ApiScopeWords.Of(scope) };
}
