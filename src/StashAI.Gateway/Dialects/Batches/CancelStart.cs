namespace StashAI.Gateway.Dialects.Batches;

/// <summary>When a cancel of a batch began, as its answers say.</summary>
internal static class CancelStart
{
    /// <summary>
    /// The time of the note, which follows the cancel of the job: a cancel that breaks off between the two must not leave a batch that says
    /// it is being cancelled while its job runs on. The job may be over by then, and no cancel begins after its end.
    /// </summary>
    /// <param name="noted">When the cancel was noted; null where the job was cancelled by its own routes, and where nothing was.</param>
    /// <param name="ended">When the batch was over; null before.</param>
    /// <param name="isCancelled">True for a batch that has ended with lines that were cancelled.</param>
    public static DateTimeOffset? Of(DateTimeOffset? noted, DateTimeOffset? ended, bool isCancelled) =>
        ended < noted || (isCancelled && noted is null) ? ended : noted;
}
