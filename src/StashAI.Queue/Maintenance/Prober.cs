using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Services;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Maintenance;

/// <summary>Probes the health paths of services that are down. Only one node at a time probes a lane.</summary>
internal sealed class Prober(
    IGate store, ServiceRegistry services, IUpstreamResolver upstreams, CallSetup setup, QueueFeed feed, Wakeup work, TimeSpan pause,
    TimeProvider clock)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Longer than the timeout of a probe, so that a second node probes only if the first is gone.</summary>
    private static readonly TimeSpan ReservationTime = TimeSpan.FromSeconds(15);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var (probe, begun) = await store.BeginProbeAsync(services.Names, ReservationTime, cancellationToken);
        feed.Publish(begun);
        if (probe is null) return pause;
        var isHealthy = await IsHealthyAsync(probe, cancellationToken);
        var changes = await store.EndProbeAsync(probe, isHealthy, cancellationToken);
        feed.Publish(changes);
        if (changes.Lanes.Any(lane => lane.After == CircuitState.Closed)) work.Set();
        return TimeSpan.Zero;
    }

    private async Task<bool> IsHealthyAsync(LaneProbe probe, CancellationToken cancellationToken)
    {
        if (upstreams.Resolve(probe.Address) is not { } address) return false;
        if (services.FindCallable(probe.Service) is IHealthAddress own)
        {
            // Without a path that may be called, tasks find out whether the service is back.
            if (own.FillIn(address) is not { } filled) return true;
            address = filled;
        }

        var http = upstreams.IsConfigured(probe.Service, probe.Address) ? setup.ConfiguredClient : setup.JobClient;
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Any error means that the service did not report itself healthy.
            return false;
        }
    }
}
