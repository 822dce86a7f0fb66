namespace StashAI.Queue.Model.Figures;

/// <summary>The open tasks of a service.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Available">Tasks that can be claimed.</param>
/// <param name="Scheduled">Tasks that wait for their due time.</param>
/// <param name="Running">Tasks that are claimed.</param>
/// <param name="OldestWaiting">
/// Since when the oldest task has waited among those that are next in their lane and priority; null when none waits.
/// </param>
public sealed record ServiceDepth(string Service, long Available, long Scheduled, long Running, DateTimeOffset? OldestWaiting)
{
    public long Open => Available + Scheduled + Running;
}
