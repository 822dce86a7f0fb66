using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Hub;

/// <summary>The queue's statistics as one JSON object (C-06), read once for all clients that follow them.</summary>
internal sealed class LiveStats(IMeasure store, TimeProvider clock, QueueEngine? engine = null) : IDisposable
{
    /// <summary>Clients that ask within this time share one read.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim reading = new(1, 1);
    private long readAt;
    private long version;
    private ReadOnlyMemory<byte> last;
    private ReadOnlyMemory<byte> json;

    /// <summary>The statistics, and a version that rises at every change.</summary>
    public async Task<(long Version, ReadOnlyMemory<byte> Data)> ReadAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (version > 0 && clock.GetElapsedTime(readAt) < Fresh) return (version, json);
            var stats = await store.ReadStatsAsync(cancellationToken);
            readAt = clock.GetTimestamp();
            // Ages grow with time, which is not a change: compare everything as if no time had passed.
            var content = Write(stats, stats.OldestPending ?? DateTimeOffset.UnixEpoch);
            if (version > 0 && content.Span.SequenceEqual(last.Span)) return (version, json);
            (last, json) = (content, Write(stats, clock.GetUtcNow()));
            return (++version, json);
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private ReadOnlyMemory<byte> Write(QueueStats stats, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            StatsJson.WriteFields(json, stats, engine?.Reserved ?? 0, now);
            json.WriteTime("timestamp", now);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
