using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Testing.Queue;

/// <summary>A real store whose calls fail as a script says, before or after their commit.</summary>
public sealed class FaultyStore(IQueueStore inner) : IQueueStore
{
    private readonly SemaphoreSlim made = new(0);
    private readonly int[] counts = new int[Enum.GetValues<StoreCall>().Length];

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

    public Task<ClaimedBatch> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        RunAsync(
            StoreCall.Claim,
            async () =>
            {
                var batch = await inner.ClaimAsync(request, cancellationToken);
                AfterClaim?.Invoke(batch);
                return batch;
            });

    public Task<ChangeSet> ReleaseUnknownAsync(
        long nodeKey, IReadOnlySet<(long TaskKey, int Fence)> known, CancellationToken cancellationToken) =>
        RunAsync(StoreCall.ReleaseUnknown, () => inner.ReleaseUnknownAsync(nodeKey, known, cancellationToken));

    public Task DeclareAsync(IReadOnlyCollection<AdapterManifest> manifests, CancellationToken cancellationToken) =>
        inner.DeclareAsync(manifests, cancellationToken);

    public Task<(LaneProbe? Probe, ChangeSet Changes)> BeginProbeAsync(
        IReadOnlyCollection<string> services, TimeSpan time, CancellationToken cancellationToken) =>
        inner.BeginProbeAsync(services, time, cancellationToken);

    public Task<ChangeSet> EndProbeAsync(LaneProbe probe, bool isHealthy, CancellationToken cancellationToken) =>
        inner.EndProbeAsync(probe, isHealthy, cancellationToken);

    public Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, CancellationToken cancellationToken) =>
        inner.PauseJobAsync(jobKey, paused, cancellationToken);

    public Task PauseServiceAsync(string service, bool paused, CancellationToken cancellationToken) =>
        inner.PauseServiceAsync(service, paused, cancellationToken);

    public Task<Reopening> ReopenAsync(string service, CancellationToken cancellationToken) => inner.ReopenAsync(service, cancellationToken);

    public Task<Pauses> ReadPausesAsync(CancellationToken cancellationToken) => inner.ReadPausesAsync(cancellationToken);

    public Task<IReadOnlyList<LaneView>> ListLanesAsync(CancellationToken cancellationToken) => inner.ListLanesAsync(cancellationToken);

    public Task<ObservedClock> ObserveClockAsync(CancellationToken cancellationToken) => inner.ObserveClockAsync(cancellationToken);

    public Task<int> MendTimesAsync(WaitLimits limits, int limit, CancellationToken cancellationToken) => inner.MendTimesAsync(limits, limit, cancellationToken);

    public Task<int> AgeAsync(TimeSpan step, int limit, CancellationToken cancellationToken) => inner.AgeAsync(step, limit, cancellationToken);

    public Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken) =>
        RunAsync(
            StoreCall.Apply,
            async () =>
            {
                if (BeforeApply is { } before) await before(results);
                return await inner.ApplyAsync(nodeKey, results, cancellationToken);
            });

    public Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken) =>
        RunAsync(StoreCall.Promote, () => inner.PromoteAsync(limit, cancellationToken));

    public Task<ChangeSet> RescueAsync(int limit, RescueScope scope, CancellationToken cancellationToken)
    {
        LastScope = scope;
        return RunAsync(StoreCall.Rescue, () => inner.RescueAsync(limit, scope, cancellationToken));
    }

    public long Register(string name, TimeSpan lease, LabelSet? labels = null, long? former = null) =>
        Run(StoreCall.Register, () => inner.Register(name, lease, labels, former));

    public NodeHeartbeat Renew(long nodeKey, TimeSpan lease)
    {
        BeforeRenew?.Invoke();
        return Run(StoreCall.Renew, () => inner.Renew(nodeKey, lease));
    }

    public void Leave(long nodeKey) => inner.Leave(nodeKey);

    public int BeginCall(long nodeKey, long taskKey) => inner.BeginCall(nodeKey, taskKey);

    public void EndCall(long nodeKey, int note) => inner.EndCall(nodeKey, note);

    public IUpload OpenUpload(long nodeKey) => inner.OpenUpload(nodeKey);

    public Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken) => inner.CancelJobAsync(jobKey, cancellationToken);

    public Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken) => inner.CancelTaskAsync(taskKey, cancellationToken);

    public Task<RetryResult> RetryJobAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken) =>
        inner.RetryJobAsync(jobKey, withCancelled, cancellationToken);

    public Task<RetryResult> RetryTaskAsync(long taskKey, CancellationToken cancellationToken) => inner.RetryTaskAsync(taskKey, cancellationToken);

    public Task<ChangeSet> FinishRetriesAsync(int limit, CancellationToken cancellationToken) => inner.FinishRetriesAsync(limit, cancellationToken);

    public Task<ChangeSet> ExpireAsync(int limit, CancellationToken cancellationToken) => inner.ExpireAsync(limit, cancellationToken);

    public Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken) => inner.FinishCancelsAsync(limit, cancellationToken);

    public Task<int> RemoveOldAsync(RetentionPolicy policy, int limit, CancellationToken cancellationToken) =>
        RunAsync(StoreCall.RemoveOld, () => inner.RemoveOldAsync(policy, limit, cancellationToken));

    public Task<IReadOnlyList<CounterRepair>> ReconcileAsync(
        IReadOnlyList<long> jobKeys, int maxOpenTasks, CancellationToken cancellationToken) =>
        inner.ReconcileAsync(jobKeys, maxOpenTasks, cancellationToken);

    public Task<int> CollectAsync(int limit, CancellationToken cancellationToken) => inner.CollectAsync(limit, cancellationToken);

    public Task<JobView?> FindJobAsync(Guid jobId, CancellationToken cancellationToken) => inner.FindJobAsync(jobId, cancellationToken);

    public Task<IReadOnlyList<JobView>> FindJobsAsync(IReadOnlyList<long> jobKeys, CancellationToken cancellationToken) =>
        inner.FindJobsAsync(jobKeys, cancellationToken);

    public Task<IReadOnlyList<TaskView>> FindTasksAsync(IReadOnlyList<long> taskKeys, bool withOutput, CancellationToken cancellationToken) =>
        inner.FindTasksAsync(taskKeys, withOutput, cancellationToken);

    public Task<JobPage> ListJobsAsync(JobFilter filter, CancellationToken cancellationToken) => inner.ListJobsAsync(filter, cancellationToken);

    public Task<IReadOnlyList<TaskView>> ListTasksAsync(
        long jobKey, int fromOrdinal, int limit, bool withOutput, CancellationToken cancellationToken) =>
        inner.ListTasksAsync(jobKey, fromOrdinal, limit, withOutput, cancellationToken);

    public Task<IReadOnlyList<AttemptView>> ListAttemptsAsync(long taskKey, int limit, CancellationToken cancellationToken) =>
        inner.ListAttemptsAsync(taskKey, limit, cancellationToken);

    public Task<ILookup<long, PayloadRef>> ListPayloadsAsync(IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        inner.ListPayloadsAsync(taskKeys, cancellationToken);

    public Task<int?> ReadPayloadChunkAsync(long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken) =>
        inner.ReadPayloadChunkAsync(payloadKey, sequence, destination, cancellationToken);

    public Task<ChangeSet> ReadVersionsAsync(IReadOnlyList<long> jobKeys, IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        inner.ReadVersionsAsync(jobKeys, taskKeys, cancellationToken);

    public Task<bool> AddApiKeyAsync(
        string prefix, ReadOnlyMemory<byte> hash, string name, ApiScope scope, CancellationToken cancellationToken) =>
        inner.AddApiKeyAsync(prefix, hash, name, scope, cancellationToken);

    public Task<IReadOnlyList<ApiKey>> ListApiKeysAsync(CancellationToken cancellationToken) => inner.ListApiKeysAsync(cancellationToken);

    public Task<bool> RevokeApiKeyAsync(string prefix, CancellationToken cancellationToken) => inner.RevokeApiKeyAsync(prefix, cancellationToken);

    public Task<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken) => inner.ListTasksAsync(filter, cancellationToken);

    public Task ReportAsync(long nodeKey, IReadOnlyList<LaneRate> rates, CancellationToken cancellationToken) =>
        inner.ReportAsync(nodeKey, rates, cancellationToken);

    public Task<JobOutlook?> ReadOutlookAsync(long jobKey, CancellationToken cancellationToken) => inner.ReadOutlookAsync(jobKey, cancellationToken);

    public Task<QueueStats> ReadStatsAsync(CancellationToken cancellationToken) => inner.ReadStatsAsync(cancellationToken);

    public Task<IReadOnlyList<InteractionView>> AddInteractionsAsync(
        IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken) => inner.AddInteractionsAsync(interactions, cancellationToken);

    public Task<IReadOnlyList<SessionView>> SaveSessionsAsync(IReadOnlyList<SessionUpdate> sessions, CancellationToken cancellationToken) =>
        inner.SaveSessionsAsync(sessions, cancellationToken);

    public Task<IReadOnlySet<long>> FindPreviewsAsync(IReadOnlyList<long> payloadKeys, CancellationToken cancellationToken) =>
        inner.FindPreviewsAsync(payloadKeys, cancellationToken);

    public Task<byte[]?> ReadPreviewAsync(long payloadKey, CancellationToken cancellationToken) => inner.ReadPreviewAsync(payloadKey, cancellationToken);

    public Task SavePreviewAsync(long payloadKey, ReadOnlyMemory<byte> preview, CancellationToken cancellationToken) =>
        inner.SavePreviewAsync(payloadKey, preview, cancellationToken);

    public Task<byte[]> ReadSigningKeyAsync(string name, CancellationToken cancellationToken) => inner.ReadSigningKeyAsync(name, cancellationToken);

    public Task<bool> AddTicketAsync(
        ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> holder, TimeSpan lifetime, int most, CancellationToken cancellationToken) =>
        inner.AddTicketAsync(hash, holder, lifetime, most, cancellationToken);

    public Task<Ticket?> TakeTicketAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) => inner.TakeTicketAsync(hash, cancellationToken);

    public Task<IReadOnlyList<InteractionView>> ListInteractionsAsync(InteractionFilter filter, CancellationToken cancellationToken) =>
        inner.ListInteractionsAsync(filter, cancellationToken);

    public Task<InteractionView?> FindInteractionAsync(Guid id, CancellationToken cancellationToken) => inner.FindInteractionAsync(id, cancellationToken);

    public Task<SessionView?> FindSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        inner.FindSessionAsync(sessionId, cancellationToken);

    public Task<SessionView?> FindSessionAsync(Guid id, CancellationToken cancellationToken) => inner.FindSessionAsync(id, cancellationToken);

    public Task<IReadOnlyList<SessionView>> ListSessionsAsync(string? userId, int limit, int offset, CancellationToken cancellationToken) =>
        inner.ListSessionsAsync(userId, limit, offset, cancellationToken);

    public Task<QueueTotals> ReadTotalsAsync(CancellationToken cancellationToken) => inner.ReadTotalsAsync(cancellationToken);

    public Task<IReadOnlyList<ServiceDepth>> ReadDepthsAsync(CancellationToken cancellationToken) => inner.ReadDepthsAsync(cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    /// <summary>The inner store belongs to whoever made it.</summary>
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
}
