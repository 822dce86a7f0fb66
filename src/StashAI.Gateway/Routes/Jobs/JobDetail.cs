using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>What stands beside a job.</summary>
/// <param name="Pace">How fast it is, and when it will be over.</param>
/// <param name="Outlook">What decides when it is over; null when it is.</param>
/// <param name="Wait">Why its tasks wait; null when none does because of its service.</param>
internal sealed record JobDetail(JobPace Pace, JobOutlook? Outlook, WaitReason? Wait);
