using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>What stands beside a job.</summary>
/// <param name="Pace">How fast it is, and when it will be over.</param>
/// <param name="Outlook">What decides when it is over; null when it is.</param>
/// <param name="Wait">Why its tasks wait; null when none does because of its service.</param>
/// <param name="Batch">What another API calls the batch that the job is; null for a job that is none.</param>
internal sealed record JobDetail(JobPace Pace, JobOutlook? Outlook, WaitReason? Wait, string? Batch);
