using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Reads;

/// <summary>
/// Reads a job once for all clients that want it at the same time. A client that asks during a read gets the next one, so no client gets a
/// state older than the change it was told of.
/// </summary>
internal sealed class JobReads(IRead store)
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, Reading> readings = [];

    /// <summary>The job, or null when it no longer exists.</summary>
    public Task<JobView?> ReadAsync(long key)
    {
        lock (gate)
        {
            if (readings.TryGetValue(key, out var reading)) return reading.Next ??= AfterAsync(key, reading);
            readings.Add(key, reading = new Reading());
            var now = FindAsync(key, reading);
            reading.Now = now;
            return now;
        }
    }

    private async Task<JobView?> AfterAsync(long key, Reading reading)
    {
        var before = reading.Now;
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate) (reading.Now, reading.Next) = (reading.Next!, null);
        return await FindAsync(key, reading);
    }

    private async Task<JobView?> FindAsync(long key, Reading reading)
    {
        await Task.Yield();
        try
        {
            return await store.FindJobsAsync([key], CancellationToken.None) is [var job] ? job : null;
        }
        finally
        {
            lock (gate)
            {
                if (reading.Next is null) readings.Remove(key);
            }
        }
    }

    private sealed class Reading
    {
        public Task Now { get; set; } = Task.CompletedTask;

        public Task<JobView?>? Next { get; set; }
    }
}
