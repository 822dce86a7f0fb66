using StashAI.Gateway.Live.Hub;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Reads;

/// <summary>State that all clients of the live feed share.</summary>
internal sealed class LiveServices(
    IRead store, LiveHub hub, LiveLists lists, LiveStats stats, LiveLimits limits, TimeProvider clock, IHostApplicationLifetime lifetime,
    ILogger<LiveHub> logger)
{
    /// <summary>Progress is sent to one client at most this often.</summary>
    private const double Pace = 25;

    /// <summary>
    /// With very many clients progress is sent less often, so that the workers keep their share of the machine: this much per client.
    /// </summary>
    private const double PacePerClient = 0.8;

    private readonly JobReads jobs = new(store);
    private int clients;

    public IRead Store => store;

    public JobReads Jobs => jobs;

    /// <summary>The pause between two rounds of progress for one client; ends do not wait for it.</summary>
    public TimeSpan Pause => TimeSpan.FromMilliseconds(Math.Max(Pace, Volatile.Read(ref clients) * PacePerClient));

    /// <summary>True while there are so many clients that messages to all of them are spread over time.</summary>
    public bool IsCrowded => Volatile.Read(ref clients) * PacePerClient > Pace * 4;

    public LiveHub Hub => hub;

    public LiveLists Lists => lists;

    public LiveStats Stats => stats;

    public LiveLimits Limits => limits;

    public TimeProvider Clock => clock;

    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public ILogger Logger => logger;

    /// <summary>Takes one of the places for clients; returns false when all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref clients) <= limits.MaxClients) return true;
        Interlocked.Decrement(ref clients);
        return false;
    }

    /// <summary>Removes a client with all its subscriptions.</summary>
    public void Leave(LiveSubscriber subscriber, string session)
    {
        hub.Leave(subscriber, session);
        foreach (var list in subscriber.Lists()) lists.Leave(list);
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref clients);
}
