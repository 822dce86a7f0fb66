using StashAI.Queue.Model.Changes;

namespace StashAI.Queue.Live;

/// <summary>Receives committed changes. Must not block: it is called on the engine's threads.</summary>
public interface IQueueListener
{
    void OnChanged(ChangeSet changes);

    /// <summary>
    /// Called when another process has changed these jobs or their tasks; null means any job. A hint may be late, repeated or lost, so a
    /// listener must compare versions from time to time anyway.
    /// </summary>
    void OnChangedElsewhere(IReadOnlyList<long>? jobs)
    {
    }
}
