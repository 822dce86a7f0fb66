using System.Buffers;
using System.Text.Json;
using StashAI.Queue.Engine;
using StashAI.Queue.Model;
using StashAI.Queue.Store;
using StashAI.Server.Api.Wire;

namespace StashAI.Server.Live;

/// <summary>The queue's statistics as one JSON object (C-06), read once for all who follow them.</summary>
/// <param name="store">Where they are.</param>
/// <param name="clock">For ages.</param>
/// <param name="engine">Knows what this process has claimed and not begun; null where no engine runs.</param>
internal sealed class LiveStats(IMeasure store, TimeProvider clock, QueueEngine? engine = null) : IDisposable
{
    /// <summary>Readers that ask within this time share one reading.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim reading = new(1, 1);
    private long readAt;
    private long version;
    private ReadOnlyMemory<byte> counts;
    private ReadOnlyMemory<byte> json;

    /// <summary>The statistics, and a number that rises whenever they change; that what waits grows older is no change.</summary>
    public async Task<(long Version, ReadOnlyMemory<byte> Data)> ReadAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (version > 0 && clock.GetElapsedTime(readAt) < Fresh) return (version, json);
            var stats = await store.ReadStatsAsync(cancellationToken);
            var (reserved, now) = (engine?.Reserved ?? 0, clock.GetUtcNow());
            readAt = clock.GetTimestamp();
            var without = Write(stats with { OldestPending = null }, reserved, null);
            if (version > 0 && without.Span.SequenceEqual(counts.Span)) return (version, json);
            (counts, json) = (without, Write(stats, reserved, now));
            return (++version, json);
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private static ReadOnlyMemory<byte> Write(QueueStats stats, int reserved, DateTimeOffset? now)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            StatsJson.WriteFields(json, stats, reserved, now ?? default);
            if (now is { } time) json.WriteTime("timestamp", time);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
