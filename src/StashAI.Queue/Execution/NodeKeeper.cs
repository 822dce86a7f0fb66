using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;

namespace StashAI.Queue.Execution;

/// <summary>
/// Renews this process's lease on a thread of its own. When it cannot renew in time, it declares the lease lost before the database
/// does, so that a task never runs on two nodes. It registers again as soon as possible.
/// </summary>
public sealed class NodeKeeper : IDisposable
{
    private readonly INodes nodes;
    private readonly OwnedTasks running;
    private readonly QueueOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly Action<TimeSpan>? onRenewed;
    private readonly ManualResetEventSlim stop = new();

    /// <summary>Wakes the thread when the lease is lost: until the next one, submits are refused.</summary>
    private readonly AutoResetEvent lost = new(initialState: false);
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Registration? registration;
    private long heldSince;
    private long lastRequestedAt;
    private volatile Renewal? renewal;
    private bool isStarted;

    /// <summary>
    /// Creates the keeper; <see cref="Start"/> starts it. <paramref name="onRenewed"/> receives the time left on the lease at each renewal.
    /// </summary>
    public NodeKeeper(
        INodes nodes, OwnedTasks running, QueueOptions options, TimeProvider clock, ILogger logger, Action<TimeSpan>? onRenewed = null)
    {
        this.onRenewed = onRenewed;
        this.nodes = nodes;
        this.running = running;
        this.options = options;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>The current lease; null while there is none.</summary>
    public NodeLease? Current => registration is { Lease: { IsTrusted: true } lease } ? lease : null;

    /// <summary>
    /// True when this process may declare other nodes lost by their leases: it has held its own for a whole lease period without a gap.
    /// After a suspend, a clock jump or an outage of the database, every lease may look expired although its owner is alive.
    /// </summary>
    public bool CanRescue => Current is not null && clock.GetElapsedTime(Volatile.Read(ref heldSince)) >= options.Lease;

    /// <summary>
    /// False when the database's clock has jumped since the last renewal: <see cref="CanRescue"/> does not know it yet, and every lease may
    /// look expired.
    /// </summary>
    public bool ClockAgrees(DateTimeOffset now) =>
        renewal is not { } last || (now - last.DatabaseTime - clock.GetElapsedTime(last.RequestedAt)).Duration() <= MaxDrift;

    /// <summary>Registers the node; throws when the database cannot be written.</summary>
    public void Start()
    {
        Register();
        isStarted = true;
        new Thread(Run) { IsBackground = true, Name = "node-lease", Priority = ThreadPriority.AboveNormal }.Start();
    }

    /// <summary>Stops renewing and ends the lease.</summary>
    public async Task StopAsync()
    {
        stop.Set();
        if (isStarted) await stopped.Task;
        if (registration is not { } last) return;
        registration = null;
        last.Source.Dispose();
        nodes.Leave(last.Lease.Key);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Set();
        registration?.Source.Dispose();
        // A thread that is still running, because nobody awaited the stop, will use the events once more.
        if (isStarted && !stopped.Task.IsCompleted) return;
        stop.Dispose();
        lost.Dispose();
    }

    private void Run()
    {
        while (WaitHandle.WaitAny([stop.WaitHandle, lost], options.Heartbeat) != 0)
        {
            try
            {
                if (registration is { } held && !held.Source.IsCancellationRequested) Renew(held);
                else Register();
            }
            catch (Exception exception)
            {
                Log.LeaseNotRenewed(logger, exception.Message);
            }
        }

        stopped.SetResult();
    }

    private void Register()
    {
        var requestedAt = clock.GetTimestamp();
        // Passing the former key keeps tasks of the lost lease from counting as crashes: this process is alive.
        var key = nodes.Register(
            options.NodeName, options.Lease, options.Labels, registration?.Lease.Key, new NodeProgram(options.Role, options.Version));
        Volatile.Write(ref heldSince, requestedAt);
        renewal = null;
        lastRequestedAt = requestedAt;
        // A timer ends the trust in the lease, so that a hanging renewal cannot keep the work going.
        var left = TrustedTime(requestedAt);
        var source = new CancellationTokenSource(left, clock);
        source.Token.Register(() =>
        {
            Log.LeaseLost(logger, key);
            WakeUp();
        });
        registration = new Registration(new NodeLease(key, left, clock, source.Token), source);
        Log.NodeRegistered(logger, key, options.NodeName);
    }

    private void WakeUp()
    {
        try
        {
            lost.Set();
        }
        catch (ObjectDisposedException)
        {
            // The timer of the lease fired while the process ended.
        }
    }

    private void Renew(Registration held)
    {
        var requestedAt = clock.GetTimestamp();
        var heartbeat = nodes.Renew(held.Lease.Key, options.Lease, running.Count);
        if (!heartbeat.Alive)
        {
            // Cancels on a timer's thread, so that the continuations of the calls do not run on this one.
            held.Source.CancelAfter(TimeSpan.Zero);
            Register();
            return;
        }

        var left = TrustedTime(requestedAt);
        held.Lease.TrustFor(left);
        held.Source.CancelAfter(left);
        onRenewed?.Invoke(options.Lease - clock.GetElapsedTime(lastRequestedAt));
        lastRequestedAt = requestedAt;
        DetectGap(requestedAt, heartbeat.Now);
        foreach (var task in heartbeat.CancelRequested) running.Cancel(task);
    }

    /// <summary>Detects a gap: a late renewal, or clocks that disagree about the time since the last one.</summary>
    private void DetectGap(long requestedAt, DateTimeOffset now)
    {
        if (renewal is { } last)
        {
            var passed = clock.GetElapsedTime(last.RequestedAt, requestedAt);
            var drift = (now - last.DatabaseTime - passed).Duration();
            if (passed > options.Lease / 2 || drift > MaxDrift)
            {
                Volatile.Write(ref heldSince, requestedAt);
                Log.GapDetected(logger, passed.TotalSeconds, drift.TotalSeconds, options.Lease.TotalSeconds);
            }
        }

        renewal = new Renewal(requestedAt, now);
    }

    /// <summary>
    /// How much longer to trust a lease requested at that time; a fifth is reserved for calls to notice the loss and stop.
    /// </summary>
    private TimeSpan TrustedTime(long requestedAt)
    {
        var left = (options.Lease * 0.8) - clock.GetElapsedTime(requestedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private TimeSpan MaxDrift => options.Lease / 4;

    private sealed record Renewal(long RequestedAt, DateTimeOffset DatabaseTime);

    private sealed record Registration(NodeLease Lease, CancellationTokenSource Source);
}
