using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Decides when an error that comes again and again is given up: after some tries, and only while the database works. In an outage every
/// job would meet the error, so the operation waits for the end of it.
/// </summary>
internal sealed class BulkTries(IStoreProbe? probe)
{
    /// <summary>How often a job, or a step of the operation, is tried.</summary>
    public const int Max = 3;

    private readonly Lock gate = new();
    private readonly Dictionary<(long Bulk, long? Job), int> failures = [];

    /// <summary>Counts a failure of a job, or of a step where it is null; true when it is not to be tried again.</summary>
    public async Task<bool> IsLastAsync(long bulk, long? job, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var count = failures.GetValueOrDefault((bulk, job)) + 1;
            failures[(bulk, job)] = count;
            if (count < Max) return false;
        }

        if (probe is null) return true;
        try
        {
            await probe.ProbeAsync(cancellationToken);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The database is to blame; its own health check reports it.
            return false;
        }
    }

    /// <summary>Forgets the failures of a job, or of a step, that went well or was given up.</summary>
    public void Forget(long bulk, long? job)
    {
        lock (gate) failures.Remove((bulk, job));
    }

    /// <summary>Forgets an operation that is over, or that another process works on.</summary>
    public void Forget(long bulk)
    {
        lock (gate)
        {
            foreach (var key in failures.Keys.Where(key => key.Bulk == bulk).ToList()) failures.Remove(key);
        }
    }
}
