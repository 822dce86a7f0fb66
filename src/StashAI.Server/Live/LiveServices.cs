using StashAI.Queue.Store;

namespace StashAI.Server.Live;

/// <summary>What every client of the live feed shares.</summary>
internal sealed class LiveServices(
    IRead store, LiveHub hub, LiveStats stats, LiveLimits limits, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LiveHub> logger)
{
    private int clients;

    public IRead Store => store;

    public LiveHub Hub => hub;

    public LiveStats Stats => stats;

    public LiveLimits Limits => limits;

    public TimeProvider Clock => clock;

    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public ILogger Logger => logger;

    /// <summary>Takes one of the places for clients; false when all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref clients) <= limits.MaxClients) return true;
        Interlocked.Decrement(ref clients);
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref clients);
}
