using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Store;

namespace StashAI.Testing.Queue;

/// <summary>
/// A real store whose calls fail as a script says, before or after their commit. Roles that a script cannot break are the real ones.
/// </summary>
public sealed class FaultyStore : IQueueStore
{
    private readonly IQueueStore inner;
    private readonly SemaphoreSlim made = new(0);
    private readonly int[] counts = new int[Enum.GetValues<StoreCall>().Length];

    /// <summary>Breaks calls of <paramref name="inner"/>, which belongs to its maker.</summary>
    public FaultyStore(IQueueStore inner)
    {
        this.inner = inner;
        Control = inner.Control;
        Bulk = inner.Bulk;
        Work = new FaultyWork(this, inner.Work);
        Nodes = new FaultyNodes(this, inner.Nodes);
        Maintain = new FaultyMaintain(this, inner.Maintain);
    }

    /// <summary>Asked at every call with its number, from 1.</summary>
    public Func<StoreCall, int, StoreFault> Script { get; set; } = (_, _) => StoreFault.None;

    /// <summary>Asked for the exception that a broken call throws.</summary>
    public Func<Exception> Error { get; set; } = () => new IOException("Broken by a test.");

    /// <summary>Runs before every renewal, on the thread of the node's lease; it may hold the renewal up.</summary>
    public Action? BeforeRenew { get; set; }

    /// <summary>What the last rescue was allowed to do.</summary>
    public RescueScope? LastScope { get; private set; }

    /// <summary>Runs after a claim, before its answer is seen.</summary>
    public Action<ClaimedBatch>? AfterClaim { get; set; }

    /// <summary>Runs before outcomes are recorded; what it throws is what the database says.</summary>
    public Func<IReadOnlyList<AttemptResult>, Task>? BeforeApply { get; set; }

    /// <summary>Returns when a call was made that many times more.</summary>
    public Task WaitForMoreAsync(StoreCall call, int count, CancellationToken cancellationToken) =>
        WaitForCountAsync(call, CountOf(call) + count, cancellationToken);

    /// <summary>Returns when a call was made that many times in all.</summary>
    public async Task WaitForCountAsync(StoreCall call, int goal, CancellationToken cancellationToken)
    {
        while (CountOf(call) < goal) await made.WaitAsync(cancellationToken);
    }

    /// <summary>How often a call was made.</summary>
    public int CountOf(StoreCall call) => Volatile.Read(ref counts[(int)call]);

    public IWork Work { get; }

    public IGate Gate => inner.Gate;

    public INodes Nodes { get; }

    public IControl Control { get; set; }

    public IRead Read => inner.Read;

    public IMaintain Maintain { get; }

    public IMeasure Measure => inner.Measure;

    public ISessions Sessions => inner.Sessions;

    public IInteractions Interactions => inner.Interactions;

    public IApiKeys ApiKeys => inner.ApiKeys;

    public ITickets Tickets => inner.Tickets;

    public IPreviews Previews => inner.Previews;

    public ISigningKeys SigningKeys => inner.SigningKeys;

    public IBulk Bulk { get; set; }

    public IKnownResults Results => inner.Results;

    public IRematches Rematches => inner.Rematches;

    public IErasures Erasures => inner.Erasures;

    public ISubjects Subjects => inner.Subjects;

    public IGroupings Groupings => inner.Groupings;

    public IAudit Audit => inner.Audit;

    public IStoreProbe? Probe { get; set; }

    public ISchedules Schedules => inner.Schedules;

    public IWebhooks Webhooks => inner.Webhooks;

    public IDeliveries Deliveries => inner.Deliveries;

    public IBodyUploads BodyUploads => inner.BodyUploads;

    public IClientFiles Files => inner.Files;

    public IFileBatches FileBatches => inner.FileBatches;

    public IClientUploads ClientUploads => inner.ClientUploads;

    public IStoreSizes Sizes => inner.Sizes;

    public IBackups Backups => inner.Backups;

    public IUpload OpenUpload(long nodeKey) => inner.OpenUpload(nodeKey);

    public ValueTask DisposeAsync()
    {
        made.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<T> RunAsync<T>(StoreCall call, Func<Task<T>> run)
    {
        var fault = Next(call);
        if (fault == StoreFault.BeforeCommit) throw Error();
        var value = await run();
        return fault == StoreFault.AfterCommit ? throw Error() : value;
    }

    private T Run<T>(StoreCall call, Func<T> run)
    {
        var fault = Next(call);
        if (fault == StoreFault.BeforeCommit) throw Error();
        var value = run();
        return fault == StoreFault.AfterCommit ? throw Error() : value;
    }

    private StoreFault Next(StoreCall call)
    {
        var number = Interlocked.Increment(ref counts[(int)call]);
        made.Release();
        return Script(call, number);
    }

    private sealed class FaultyWork(FaultyStore store, IWork inner) : IWork
    {
        public Task<ClaimedBatch> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) => store.RunAsync(
            StoreCall.Claim,
            async () =>
            {
                var batch = await inner.ClaimAsync(request, cancellationToken);
                store.AfterClaim?.Invoke(batch);
                return batch;
            });

        public Task<ChangeSet> ReleaseUnknownAsync(
            long nodeKey, IReadOnlySet<(long TaskKey, int Fence)> known, CancellationToken cancellationToken) =>
            store.RunAsync(StoreCall.ReleaseUnknown, () => inner.ReleaseUnknownAsync(nodeKey, known, cancellationToken));

        public Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken) =>
            store.RunAsync(
                StoreCall.Apply,
                async () =>
                {
                    if (store.BeforeApply is { } before) await before(results);
                    return await inner.ApplyAsync(nodeKey, results, cancellationToken);
                });
    }

    private sealed class FaultyNodes(FaultyStore store, INodes inner) : INodes
    {
        public long Register(string name, TimeSpan lease, LabelSet? labels = null, long? former = null, NodeProgram? program = null) =>
            store.Run(StoreCall.Register, () => inner.Register(name, lease, labels, former, program));

        public NodeHeartbeat Renew(long nodeKey, TimeSpan lease, int running = 0)
        {
            store.BeforeRenew?.Invoke();
            return store.Run(StoreCall.Renew, () => inner.Renew(nodeKey, lease, running));
        }

        public void Leave(long nodeKey) => inner.Leave(nodeKey);

        public int BeginCall(long nodeKey, long taskKey) => inner.BeginCall(nodeKey, taskKey);

        public void EndCall(long nodeKey, int note) => store.Run(
            StoreCall.EndCall,
            () =>
            {
                inner.EndCall(nodeKey, note);
                return note;
            });
    }

    private sealed class FaultyMaintain(FaultyStore store, IMaintain inner) : IMaintain
    {
        public Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken) =>
            store.RunAsync(StoreCall.Promote, () => inner.PromoteAsync(limit, cancellationToken));

        public Task<ChangeSet> RescueAsync(int limit, RescueScope scope, CancellationToken cancellationToken)
        {
            store.LastScope = scope;
            return store.RunAsync(StoreCall.Rescue, () => inner.RescueAsync(limit, scope, cancellationToken));
        }

        public Task<int> RemoveOldAsync(RetentionPolicy policy, int limit, CancellationToken cancellationToken) =>
            store.RunAsync(StoreCall.RemoveOld, () => inner.RemoveOldAsync(policy, limit, cancellationToken));

        public Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken) =>
            inner.FinishCancelsAsync(limit, cancellationToken);

        public Task<ChangeSet> FinishRetriesAsync(int limit, CancellationToken cancellationToken) =>
            inner.FinishRetriesAsync(limit, cancellationToken);

        public Task<ChangeSet> ExpireAsync(int limit, CancellationToken cancellationToken) => inner.ExpireAsync(limit, cancellationToken);

        public Task<IReadOnlyList<CounterRepair>> ReconcileAsync(
            IReadOnlyList<long> jobKeys, int maxOpenTasks, CancellationToken cancellationToken) =>
            inner.ReconcileAsync(jobKeys, maxOpenTasks, cancellationToken);

        public Task<int> RemoveUnreferencedAsync(int limit, CancellationToken cancellationToken) =>
            inner.RemoveUnreferencedAsync(limit, cancellationToken);

        public Task<int> AgeAsync(TimeSpan step, int limit, CancellationToken cancellationToken) =>
            inner.AgeAsync(step, limit, cancellationToken);

        public Task<ObservedClock> ObserveClockAsync(CancellationToken cancellationToken) => inner.ObserveClockAsync(cancellationToken);

        public Task<int> EndImpossibleWaitsAsync(WaitLimits limits, int limit, CancellationToken cancellationToken) =>
            inner.EndImpossibleWaitsAsync(limits, limit, cancellationToken);
    }
}
