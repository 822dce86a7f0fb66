using System.Buffers;
using System.Text.Json;
using StashAI.Queue.Model;
using StashAI.Queue.Store;
using StashAI.Server.Api.Wire;

namespace StashAI.Server.Live;

/// <summary>The queue's statistics as one JSON object (C-06), read once for all who follow them.</summary>
internal sealed class LiveStats(IRead store, TimeProvider clock) : IDisposable
{
    /// <summary>Readers that ask within this time share one reading.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    private static readonly JobState[] Open = [JobState.Pending, JobState.Running];

    private readonly SemaphoreSlim reading = new(1, 1);
    private long readAt;
    private long version;
    private Reading last;
    private ReadOnlyMemory<byte> json;

    /// <summary>The statistics, and a number that rises whenever they change.</summary>
    public async Task<(long Version, ReadOnlyMemory<byte> Data)> ReadAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (version > 0 && clock.GetElapsedTime(readAt) < Fresh) return (version, json);
            var now = await ReadStoreAsync(cancellationToken);
            readAt = clock.GetTimestamp();
            if (version > 0 && now == last) return (version, json);
            (last, json) = (now, Write(now));
            return (++version, json);
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private async Task<Reading> ReadStoreAsync(CancellationToken cancellationToken)
    {
        var tasks = await store.ReadTotalsAsync(cancellationToken);
        return new Reading(
            tasks,
            await CountJobsAsync([], cancellationToken),
            await CountJobsAsync(Open, cancellationToken),
            await CountJobsAsync([JobState.Completed], cancellationToken));
    }

    private async Task<long> CountJobsAsync(JobState[] states, CancellationToken cancellationToken) =>
        (await store.ListJobsAsync(new JobFilter(states, null, 1, 0), cancellationToken)).TotalCount;

    private ReadOnlyMemory<byte> Write(Reading reading)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var tasks = reading.Tasks;
        var pending = tasks.Available + tasks.Scheduled;
        var total = pending + tasks.Running + tasks.Completed + tasks.Failed + tasks.Cancelled;
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("total_tasks", total);
            json.WriteNumber("pending", pending);
            json.WriteNumber("running", tasks.Running);
            json.WriteNumber("pending_tasks", pending);
            json.WriteNumber("running_tasks", tasks.Running);
            json.WriteNumber("completed_tasks", tasks.Completed);
            json.WriteNumber("failed_tasks", tasks.Failed);
            json.WriteNumber("cancelled_tasks", tasks.Cancelled);
            json.WriteNumber("active", tasks.Running);
            json.WriteNumber("scheduled", tasks.Scheduled);
            json.WriteStartObject("tasks");
            json.WriteNumber("total", total);
            json.WriteNumber("pending", pending);
            json.WriteNumber("running", tasks.Running);
            json.WriteNumber("finished", tasks.Completed);
            json.WriteNumber("failed", tasks.Failed);
            json.WriteEndObject();
            json.WriteStartObject("jobs");
            json.WriteNumber("total", reading.Jobs);
            json.WriteNumber("active", reading.OpenJobs);
            json.WriteNumber("completed", reading.CompletedJobs);
            json.WriteEndObject();
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private readonly record struct Reading(QueueTotals Tasks, long Jobs, long OpenJobs, long CompletedJobs);
}
