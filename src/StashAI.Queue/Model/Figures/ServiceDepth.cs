namespace StashAI.Queue.Model.Figures;

/// <summary>How much of a service is open.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Available">Tasks that can be claimed.</param>
/// <param name="Scheduled">Tasks that wait for their time.</param>
/// <param name="Running">Tasks that are claimed.</param>
/// <param name="OldestWaiting">
/// Since when the oldest of the tasks waits whose turn is next in their lane and priority; null when nothing waits for its turn.
/// </param>
public sealed record ServiceDepth(string Service, long Available, long Scheduled, long Running, DateTimeOffset? OldestWaiting)
{
    /// <summary>All open tasks.</summary>
    public long Open => Available + Scheduled + Running;
}
