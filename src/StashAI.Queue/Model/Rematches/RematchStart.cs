namespace StashAI.Queue.Model.Rematches;

/// <summary>How a rematch of a job begins or goes on.</summary>
/// <param name="Progress">How far it is; null when there is nothing to do, because the job is gone or a later rematch took over.</param>
/// <param name="IsOpen">True when the job has not ended.</param>
public readonly record struct RematchStart(RematchProgress? Progress, bool IsOpen = false)
{
    /// <summary>
    /// True while a subject is being erased: the results of that time are to be erased first, and not judged again.
    /// </summary>
    public bool IsHeld { get; init; }
}
