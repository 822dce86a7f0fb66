using StashAI.Queue.Model.Changes;

namespace StashAI.Queue.Live;

/// <summary>Hears of committed changes. Called on the engine's threads: it must only note the ids and return.</summary>
public interface IQueueListener
{
    /// <summary>These jobs and tasks have a new version.</summary>
    void OnChanged(ChangeSet changes);

    /// <summary>
    /// Another process changed these jobs or their tasks; null for any. It may be late, doubled or never said: who follows something
    /// compares versions now and then all the same.
    /// </summary>
    void OnChangedElsewhere(IReadOnlyList<long>? jobs)
    {
    }
}
