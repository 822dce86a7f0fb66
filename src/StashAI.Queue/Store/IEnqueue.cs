namespace StashAI.Queue.Store;

/// <summary>Accepts jobs.</summary>
public interface IEnqueue
{
    /// <summary>
    /// Opens an upload of one job. Nothing of it is visible before its commit; it lives as long as <paramref name="nodeKey"/>'s lease.
    /// </summary>
    IUpload OpenUpload(long nodeKey);
}
