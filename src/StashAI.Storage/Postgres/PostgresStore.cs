using Npgsql;
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
using StashAI.Storage.Migrations;

namespace StashAI.Storage.Postgres;

/// <summary>The queue in a PostgreSQL database. Open it with <see cref="OpenAsync"/>, which brings the schema up to date.</summary>
public sealed class PostgresStore : IQueueStore, IHints, IDatabaseCheck, IStoreProbe
{
    private readonly PostgresDatabase database;
    private readonly PostgresNodes nodes;
    private readonly PostgresHints hints;
    private readonly PostgresProbe probe;
    private bool isDisposed;

    private PostgresStore(PostgresDatabase database)
    {
        this.database = database;
        nodes = new PostgresNodes(database);
        probe = new PostgresProbe(database);
        hints = new PostgresHints(database, TimeProvider.System);
    }

    /// <summary>Connects and migrates. Throws when a newer program wrote the database.</summary>
    /// <exception cref="FormatException">The URL cannot be read.</exception>
    /// <exception cref="StoreOpenException">The database cannot be reached or used; the message says why and never holds the password.</exception>
    public static async Task<PostgresStore> OpenAsync(PostgresSettings settings, CancellationToken cancellationToken)
    {
        var database = new PostgresDatabase(settings);
        try
        {
            await Task.Run(() => PostgresMigrator.Migrate(database, MigrationScripts.Postgres, settings.Logger), cancellationToken);
            var store = new PostgresStore(database);
            await store.ObserveClockAsync(cancellationToken);
            await store.ProbeAsync(cancellationToken);
            return store;
        }
        catch (Exception error)
        {
            await database.DisposeAsync();
            if (PostgresStartErrors.From(error, database.Connection) is { } refusal) throw refusal;
            throw;
        }
    }

    /// <inheritdoc/>
    public IUpload OpenUpload(long nodeKey) => new PostgresUpload(database, nodeKey);

    /// <inheritdoc/>
    public Task<ClaimedBatch> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresClaim.RunAsync(session, request, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeSet> ReleaseUnknownAsync(
        long nodeKey, IReadOnlySet<(long TaskKey, int Fence)> known, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRescue.ReleaseUnknownAsync(session, nodeKey, known), cancellationToken);

    /// <inheritdoc/>
    public async Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken)
    {
        try
        {
            return await UseAsync(session => PostgresApply.RunAsync(session, nodeKey, results), cancellationToken);
        }
        catch (PostgresException error) when (PostgresRefusals.Includes(error))
        {
            throw new OutcomeRefusedException(error.MessageText, error);
        }
    }

    /// <inheritdoc/>
    public async Task DeclareAsync(IReadOnlyCollection<AdapterManifest> manifests, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await PostgresGate.DeclareAsync(session, manifests, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<(LaneProbe? Probe, ChangeSet Changes)> BeginProbeAsync(
        IReadOnlyCollection<string> services, TimeSpan time, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresGate.BeginProbeAsync(session, services, time, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeSet> EndProbeAsync(LaneProbe probe, bool isHealthy, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresGate.EndProbeAsync(session, probe, isHealthy), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LaneView>> ListLanesAsync(CancellationToken cancellationToken) =>
        UseAsync(session => PostgresGate.ListLanesAsync(session, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public long Register(string name, TimeSpan lease, LabelSet? labels = null, long? former = null) =>
        nodes.Register(name, lease, labels, former);

    /// <inheritdoc/>
    public NodeHeartbeat Renew(long nodeKey, TimeSpan lease) => nodes.Renew(nodeKey, lease);

    /// <inheritdoc/>
    public void Leave(long nodeKey) => nodes.Leave(nodeKey);

    /// <inheritdoc/>
    public int BeginCall(long nodeKey, long taskKey) => nodes.BeginCall(nodeKey, taskKey);

    /// <inheritdoc/>
    public void EndCall(long nodeKey, int note) => nodes.EndCall(nodeKey, note);

    /// <inheritdoc/>
    public async Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken)
    {
        var begun = await UseAsync(session => PostgresControl.BeginCancelJobAsync(session, jobKey), cancellationToken);
        var tasks = new List<TaskChange>(begun.Changes.Tasks);
        JobChange? job = null;
        var cancelled = 0;
        var next = TaskKey.From(jobKey, 0);
        for (var count = PostgresControl.Batch; count == PostgresControl.Batch; cancelled += count)
        {
            var from = next;
            // The cancel was accepted: once begun it goes through, whether or not the caller still waits.
            var batch = await UseAsync(session => PostgresControl.CancelBatchAsync(session, jobKey, from), CancellationToken.None);
            next = batch.Next;
            count = batch.Result.Cancelled;
            tasks.AddRange(batch.Result.Changes.Tasks);
            foreach (var change in batch.Result.Changes.Jobs) job = change with { Before = job?.Before ?? change.Before };
        }

        return new CancelResult(cancelled, begun.Flagged, new ChangeSet(tasks, job is { } last ? [last] : []));
    }

    /// <inheritdoc/>
    public Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresControl.CancelTaskAsync(session, taskKey), cancellationToken);

    /// <inheritdoc/>
    public async Task<RetryResult> RetryJobAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken)
    {
        var changes = ChangeSet.Empty;
        while (!await UseAsync(session => PostgresRetry.TryBeginAsync(session, jobKey, withCancelled), cancellationToken))
            changes = PostgresUnit.Join(changes, await CloseBatchAsync(jobKey));
        var retried = 0;
        for (var isFinished = false; !isFinished;)
        {
            // The retry was accepted: once begun it goes through, whether or not the caller still waits.
            var batch = await UseAsync(session => PostgresRetry.ContinueAsync(session, jobKey), CancellationToken.None);
            isFinished = batch.IsFinished;
            retried += batch.Result.Retried;
            changes = PostgresUnit.Join(changes, batch.Result.Changes);
        }

        return new RetryResult(retried, changes);
    }

    /// <inheritdoc/>
    public async Task<RetryResult> RetryTaskAsync(long taskKey, CancellationToken cancellationToken)
    {
        var changes = ChangeSet.Empty;
        while (true)
        {
            if (await UseAsync(session => PostgresRetry.RetryTaskAsync(session, taskKey), cancellationToken) is { } result)
                return result with { Changes = PostgresUnit.Join(changes, result.Changes) };
            changes = PostgresUnit.Join(changes, await CloseBatchAsync(TaskKey.JobOf(taskKey)));
        }
    }

    /// <inheritdoc/>
    public Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresPauses.PauseJobAsync(session, jobKey, paused), cancellationToken);

    /// <inheritdoc/>
    public async Task PauseServiceAsync(string service, bool paused, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await PostgresPauses.PauseServiceAsync(session, service, paused);
    }

    /// <inheritdoc/>
    public async Task<Reopening> ReopenAsync(string service, CancellationToken cancellationToken)
    {
        var reopened = await UseAsync(session => PostgresReopen.LanesAsync(session, service, cancellationToken), cancellationToken);
        var tasks = 0;
        for (var count = PostgresControl.Batch; count == PostgresControl.Batch; tasks += count)
            count = await UseAsync(session => PostgresReopen.TasksAsync(session, service, PostgresControl.Batch), CancellationToken.None);
        return reopened with { Tasks = tasks };
    }

    /// <inheritdoc/>
    public Task<Pauses> ReadPausesAsync(CancellationToken cancellationToken) =>
        UseAsync(session => PostgresPauses.ReadAsync(session, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<JobView?> FindJobAsync(Guid jobId, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRead.FindJobAsync(session, jobId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobView>> FindJobsAsync(IReadOnlyList<long> jobKeys, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRead.FindJobsAsync(session, jobKeys, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskView>> FindTasksAsync(IReadOnlyList<long> taskKeys, bool withOutput, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRead.FindTasksAsync(session, taskKeys, withOutput, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<JobPage> ListJobsAsync(JobFilter filter, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRead.ListJobsAsync(session, filter, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskView>> ListTasksAsync(
        long jobKey, int fromOrdinal, int limit, bool withOutput, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromOrdinal);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return UseAsync(
            session => PostgresRead.ListTasksAsync(session, jobKey, fromOrdinal, limit, withOutput, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptView>> ListAttemptsAsync(long taskKey, int limit, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresAttempts.ListAttemptsAsync(session, taskKey, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ILookup<long, PayloadRef>> ListPayloadsAsync(IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRead.ListPayloadsAsync(session, taskKeys, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<int?> ReadPayloadChunkAsync(long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRead.ReadChunkAsync(session, payloadKey, sequence, destination, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeSet> ReadVersionsAsync(
        IReadOnlyList<long> jobKeys, IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRead.ReadVersionsAsync(session, jobKeys, taskKeys, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddApiKeyAsync(
        string prefix, ReadOnlyMemory<byte> hash, string name, ApiScope scope, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresApiKeys.AddAsync(session, prefix, hash, name, scope), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApiKey>> ListApiKeysAsync(CancellationToken cancellationToken) =>
        UseAsync(session => PostgresApiKeys.ListAsync(session, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeApiKeyAsync(string prefix, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresApiKeys.RevokeAsync(session, prefix), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddTicketAsync(
        ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> holder, TimeSpan lifetime, int most, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresTickets.AddAsync(session, hash, holder, lifetime, most), cancellationToken);

    /// <inheritdoc/>
    public Task<Ticket?> TakeTicketAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresTickets.TakeAsync(session, hash), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<long>> FindPreviewsAsync(IReadOnlyList<long> payloadKeys, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresPreviews.SettledAsync(session, payloadKeys, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]?> ReadPreviewAsync(long payloadKey, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresPreviews.ReadAsync(session, payloadKey, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task SavePreviewAsync(long payloadKey, ReadOnlyMemory<byte> preview, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresPreviews.SaveAsync(session, payloadKey, preview), cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]> ReadSigningKeyAsync(string name, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresPreviews.ReadSigningKeyAsync(session, name, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<QueueTotals> ReadTotalsAsync(CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRead.ReadTotalsAsync(session, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServiceDepth>> ReadDepthsAsync(CancellationToken cancellationToken) =>
        UseAsync(session => PostgresDepths.ReadAsync(session, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresTaskList.ReadAsync(session, filter, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task ReportAsync(long nodeKey, IReadOnlyList<LaneRate> rates, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await PostgresMeasure.WriteAsync(session, nodeKey, rates, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JobOutlook?> ReadOutlookAsync(long jobKey, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresMeasure.OutlookAsync(session, jobKey, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<QueueStats> ReadStatsAsync(CancellationToken cancellationToken) =>
        UseAsync(session => PostgresMeasure.StatsAsync(session, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<InteractionView>> AddInteractionsAsync(
        IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresInteractions.AddAsync(session, database.Clock, interactions, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionView>> SaveSessionsAsync(IReadOnlyList<SessionUpdate> sessions, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresSessions.SaveAsync(session, database.Clock, sessions, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<InteractionView>> ListInteractionsAsync(InteractionFilter filter, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresInteractions.ListAsync(session, filter, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<InteractionView?> FindInteractionAsync(Guid id, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresInteractions.FindAsync(session, id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<SessionView?> FindSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresSessions.FindAsync(session, sessionId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<SessionView?> FindSessionAsync(Guid id, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresSessions.FindAsync(session, id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionView>> ListSessionsAsync(string? userId, int limit, int offset, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresSessions.ListAsync(session, userId, limit, offset, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await PostgresRead.PingAsync(session, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresMaintain.PromoteDueAsync(session, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeSet> RescueAsync(int limit, RescueScope scope, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresRescue.RunAsync(session, limit, scope, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        if (await PostgresMaintain.FindUnfinishedCancelAsync(session, cancellationToken) is not { } key) return ChangeSet.Empty;
        var batch = await PostgresControl.CancelBatchAsync(session, key, TaskKey.From(key, 0), limit);
        return batch.Result.Changes;
    }

    /// <inheritdoc/>
    public Task<ChangeSet> ExpireAsync(int limit, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresDeadlines.ExpireAsync(session, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<ChangeSet> FinishRetriesAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var changes = ChangeSet.Empty;
        while (changes.IsEmpty && await PostgresRetry.FindUnfinishedAsync(session, cancellationToken) is { } job)
            changes = (await PostgresRetry.ContinueAsync(session, job, limit)).Result.Changes;
        return changes;
    }

    /// <inheritdoc/>
    public Task<int> RemoveOldAsync(RetentionPolicy policy, int limit, CancellationToken cancellationToken) =>
        UseAsync(
            async session =>
            {
                // The clock may have been set since the last look: what ended under another one moves before it is judged.
                await PostgresClock.ObserveAsync(session, cancellationToken);
                return await new PostgresRetention(session, policy).RunAsync(limit, cancellationToken);
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CounterRepair>> ReconcileAsync(
        IReadOnlyList<long> jobKeys, int maxOpenTasks, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var repairs = new List<CounterRepair>();
        foreach (var key in jobKeys)
        {
            if (await PostgresReconcile.RunAsync(session, key, maxOpenTasks, cancellationToken) is { } repair) repairs.Add(repair);
        }

        return repairs;
    }

    /// <inheritdoc/>
    public Task<int> AgeAsync(TimeSpan step, int limit, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresAging.RunAsync(session, step, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<int> CollectAsync(int limit, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresMaintain.CollectAsync(session, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ObservedClock> ObserveClockAsync(CancellationToken cancellationToken) =>
        UseAsync(session => PostgresClock.ObserveAsync(session, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<int> MendTimesAsync(WaitLimits limits, int limit, CancellationToken cancellationToken) =>
        UseAsync(session => PostgresClock.MendAsync(session, limits, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task SendAsync(Hint hint, CancellationToken cancellationToken) => hints.SendAsync(hint, cancellationToken);

    /// <inheritdoc/>
    public Task ListenAsync(Action<Hint> heard, CancellationToken cancellationToken) => hints.ListenAsync(heard, cancellationToken);

    /// <inheritdoc/>
    public Task<DatabaseHealth> CheckAsync(CancellationToken cancellationToken) =>
        UseAsync(session => PostgresCheck.RunAsync(session, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public string? Warning => probe.Warning;

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => probe.RunAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>PostgreSQL says so by itself.</remarks>
    public Task<bool> IsDamagedAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    /// <inheritdoc/>
    public string? Explain(Exception error) => PostgresTroubles.Explain(error, database.Name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true)) return;
        nodes.Dispose();
        await database.DisposeAsync();
    }

    /// <summary>Goes on with what closes a job, its cancel or its deadline.</summary>
    private Task<ChangeSet> CloseBatchAsync(long jobKey) => UseAsync(
        async session =>
        {
            var (result, _) = await PostgresControl.CancelBatchAsync(session, jobKey, TaskKey.From(jobKey, 0));
            return result.Cancelled > 0
                ? result.Changes
                : await PostgresDeadlines.ExpireAsync(session, PostgresControl.Batch, CancellationToken.None);
        },
        CancellationToken.None);

    private async Task<T> UseAsync<T>(Func<PostgresSession, Task<T>> call, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await call(session);
    }
}
