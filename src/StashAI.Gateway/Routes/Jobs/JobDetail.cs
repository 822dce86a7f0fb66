using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>What stands beside a job.</summary>
/// <param name="PerSecond">Tasks that ended in a second, since it started; null before.</param>
/// <param name="Outlook">What decides when it is over; null when it is.</param>
/// <param name="Eta">When it will probably be over; null when nobody knows.</param>
/// <param name="Wait">Why its tasks wait; null when none does because of its service.</param>
internal sealed record JobDetail(double? PerSecond, JobOutlook? Outlook, Eta? Eta, WaitReason? Wait);
