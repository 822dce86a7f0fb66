using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Store;

namespace StashAI.Queue.Engine;

/// <summary>
/// Keeps this process's lease alive from a thread of its own. When it cannot renew in time it declares the lease lost before
/// the database would, so that a task never runs on two nodes, and registers afresh as soon as it can.
/// </summary>
public sealed class NodeKeeper : IDisposable
{
    private readonly INodes nodes;
    private readonly RunningTasks running;
    private readonly QueueOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly ManualResetEventSlim stop = new();
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource lost = new();
    private volatile NodeLease? current;
    private long renewedAt;
    private bool isStarted;

    /// <summary>Does nothing before <see cref="Start"/>.</summary>
    public NodeKeeper(INodes nodes, RunningTasks running, QueueOptions options, TimeProvider clock, ILogger logger)
    {
        this.nodes = nodes;
        this.running = running;
        this.options = options;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>The lease to work under; null while there is none.</summary>
    public NodeLease? Current => current;

    /// <summary>Registers the node; throws when the database cannot be written.</summary>
    public void Start()
    {
        Register();
        isStarted = true;
        new Thread(Run) { IsBackground = true, Name = "node-lease", Priority = ThreadPriority.AboveNormal }.Start();
    }

    /// <summary>Ends the lease in good order.</summary>
    public async Task StopAsync()
    {
        stop.Set();
        if (isStarted) await stopped.Task;
        if (Interlocked.Exchange(ref current, null) is { } lease) nodes.Leave(lease.Key);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Dispose();
        lost.Dispose();
    }

    private void Run()
    {
        while (!stop.Wait(options.Heartbeat))
        {
            try
            {
                if (current is { } lease) Renew(lease);
                else Register();
            }
            catch (Exception error)
            {
                Log.LeaseNotRenewed(logger, error.Message);
            }

            // A fifth of the lease is left for the work to notice and stop.
            if (current is not null && clock.GetElapsedTime(renewedAt) > options.Lease * 0.8) Lose();
        }

        stopped.SetResult();
    }

    private void Register()
    {
        var now = clock.GetTimestamp();
        var key = nodes.Register(options.NodeName, options.Lease);
        renewedAt = now;
        current = new NodeLease(key, lost.Token);
        Log.NodeRegistered(logger, key, options.NodeName);
    }

    private void Renew(NodeLease lease)
    {
        var now = clock.GetTimestamp();
        var heartbeat = nodes.Renew(lease.Key, options.Lease);
        if (!heartbeat.Alive)
        {
            Lose();
            Register();
            return;
        }

        renewedAt = now;
        foreach (var task in heartbeat.CancelRequested) running.Cancel(task);
    }

    private void Lose()
    {
        if (Interlocked.Exchange(ref current, null) is not { } lease) return;
        Log.LeaseLost(logger, lease.Key);
        var old = Interlocked.Exchange(ref lost, new CancellationTokenSource());
        old.Cancel();
    }
}
