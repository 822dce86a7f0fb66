using StashAI.Gateway.Live.Hub;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Live.Reads;

/// <summary>What every client of the live feed shares.</summary>
internal sealed class LiveServices(
    IRead store, LiveHub hub, LiveStats stats, LiveLimits limits, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LiveHub> logger)
{
    /// <summary>Progress goes to one client at most this often.</summary>
    private const double Pace = 25;

    /// <summary>With very many clients it comes less often, so that the work goes on beside them: so many milliseconds for each.</summary>
    private const double PacePerClient = 0.8;

    private readonly JobReads jobs = new(store);
    private int clients;

    public IRead Store => store;

    public JobReads Jobs => jobs;

    /// <summary>How long a client waits between two rounds of progress; ends do not wait.</summary>
    public TimeSpan Pause => TimeSpan.FromMilliseconds(Math.Max(Pace, Volatile.Read(ref clients) * PacePerClient));

    /// <summary>True while there are so many clients that what all want at once is spread.</summary>
    public bool IsCrowded => Volatile.Read(ref clients) * PacePerClient > Pace * 4;

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
