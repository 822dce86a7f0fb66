using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Services;

/// <summary>Reads services as they are now: what waits and runs, what keeps them from running.</summary>
internal sealed class ServiceStates(ServiceList services, ServiceCatalog catalog, IRead store, WaitReader waits, TimeProvider clock)
    : ILiveServiceStates
{
    /// <summary>A service, its waiting tasks, and for each lane why they wait.</summary>
    public sealed record State(ServiceList.Entry Entry, long Waiting, IReadOnlyDictionary<long, WaitReason?> Reasons);

    /// <summary>All services, sorted by name.</summary>
    public async Task<(Pauses Pauses, IReadOnlyList<State> States)> ReadAsync(CancellationToken cancellationToken) =>
        await ReadAsync(await services.ReadAsync(cancellationToken), cancellationToken);

    /// <summary>A service by name; throws a 404 otherwise.</summary>
    public async Task<(Pauses Pauses, State State)> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var (pauses, states) = await ReadAsync([await services.GetAsync(name, cancellationToken)], cancellationToken);
        return (pauses, states[0]);
    }

    private async Task<(Pauses Pauses, IReadOnlyList<State> States)> ReadAsync(
        IReadOnlyList<ServiceList.Entry> entries, CancellationToken cancellationToken)
    {
        var pauses = await store.ReadPausesAsync(cancellationToken);
        var depths = (await store.ReadDepthsAsync(cancellationToken)).ToDictionary(depth => depth.Service, StringComparer.Ordinal);
        var states = new List<State>();
        foreach (var entry in entries)
        {
            var reasons = new Dictionary<long, WaitReason?>();
            foreach (var lane in entry.Lanes) reasons[lane.Key] = await waits.ReadAsync(lane, cancellationToken);
            var waiting = depths.TryGetValue(entry.Name, out var depth) ? depth.Available + depth.Scheduled : 0;
            states.Add(new State(entry, waiting, reasons));
        }

        return (pauses, states);
    }

    public void Write(Utf8JsonWriter json, State state, Pauses pauses) => ServiceJson.Write(
        json, state.Entry, state.Waiting, catalog.Current, pauses, state.Reasons, clock.GetUtcNow());

    async Task<(EverythingPause Everything, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Entry)> Services)>
        ILiveServiceStates.ReadAsync(CancellationToken cancellationToken)
    {
        var (pauses, states) = await ReadAsync(cancellationToken);
        return (
            new EverythingPause(pauses.All, pauses.EndOf(Pauses.Everything)),
            [.. states.Select(state => (state.Entry.Name, Entry(state, pauses)))]);
    }

    private ReadOnlyMemory<byte> Entry(State state, Pauses pauses)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options)) Write(json, state, pauses);
        return buffer.WrittenMemory;
    }
}
