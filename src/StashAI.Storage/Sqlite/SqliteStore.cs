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

namespace StashAI.Storage.Sqlite;

/// <summary>The queue in one SQLite file. Open it with <see cref="OpenAsync"/>, which brings the schema up to date.</summary>
public sealed class SqliteStore : IQueueStore, IStoreProbe
{
    private readonly SqliteDatabase database;
    private readonly SqliteWriter writer;
    private readonly InteractionGroups interactionGroups;
    private readonly SqliteReaders readers;
    private readonly SqliteNodes nodes;
    private readonly SqliteCheckpointer checkpointer;
    private readonly SqliteProbe probe;
    private bool isDisposed;

    private SqliteStore(SqliteDatabase database, SqliteSettings settings)
    {
        this.database = database;
        writer = new SqliteWriter(database, settings.WalLimit);
        interactionGroups = new InteractionGroups(writer, database.Clock);
        readers = new SqliteReaders(database, settings.Readers);
        nodes = new SqliteNodes(database);
        checkpointer = new SqliteCheckpointer(database);
        probe = new SqliteProbe(database, writer);
    }

    /// <summary>Opens the file, makes it when it is missing, and migrates it. Throws when a newer program wrote it.</summary>
    /// <exception cref="StoreOpenException">The file cannot be kept there, opened or written; the message says why.</exception>
    public static async Task<SqliteStore> OpenAsync(SqliteSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            var database = new SqliteDatabase(settings);
            if (SqliteFileSystem.Refusal(settings.Path) is { } refusal) throw new StoreOpenException(refusal, isSetting: true);
            await Task.Run(() => SqliteMigrator.Migrate(database, MigrationScripts.Sqlite, settings.Logger), cancellationToken);
            var store = new SqliteStore(database, settings);
            try
            {
                await store.ObserveClockAsync(cancellationToken);
                await store.ProbeAsync(cancellationToken);
                return store;
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        }
        catch (Exception error) when (error is not StoreOpenException && SqliteStartErrors.From(error, settings.Path) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <inheritdoc/>
    public IUpload OpenUpload(long nodeKey) => new SqliteUpload(writer, database.Clock, nodeKey);

    /// <inheritdoc/>
    public Task<ClaimedBatch> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteClaim.Run(session, request), cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeSet> ReleaseUnknownAsync(
        long nodeKey, IReadOnlySet<(long TaskKey, int Fence)> known, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteRescue.ReleaseUnknown(session, nodeKey, known), cancellationToken);

    /// <inheritdoc/>
    public Task<AppliedBatch> ApplyAsync(long nodeKey, IReadOnlyList<AttemptResult> results, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteRefusals.Apply(session, nodeKey, results), cancellationToken);

    /// <inheritdoc/>
    public Task DeclareAsync(IReadOnlyCollection<AdapterManifest> manifests, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteGate.Declare(session, manifests), cancellationToken);

    /// <inheritdoc/>
    public async Task<(LaneProbe? Probe, ChangeSet Changes)> BeginProbeAsync(
        IReadOnlyCollection<string> services, TimeSpan time, CancellationToken cancellationToken)
    {
        if (!await readers.ReadAsync(session => SqliteGate.HasProbe(session, services), cancellationToken)) return (null, ChangeSet.Empty);
        return await writer.RunAsync(session => SqliteGate.BeginProbe(session, services, time), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ChangeSet> EndProbeAsync(LaneProbe probe, bool isHealthy, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteGate.EndProbe(session, probe, isHealthy), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LaneView>> ListLanesAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(SqliteGate.ListLanes, cancellationToken);

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
        var begun = await writer.RunAsync(session => SqliteControl.BeginCancelJob(session, jobKey), cancellationToken);
        var changes = new ChangeSetBuilder();
        changes.Add(begun.Changes);
        var cancelled = 0;
        var next = TaskKey.From(jobKey, 0);
        for (var count = SqliteControl.Batch; count == SqliteControl.Batch; cancelled += count)
        {
            var from = next;
            // The cancel was accepted: once begun it goes through, whether or not the caller still waits.
            var batch = await writer.RunAsync(session => SqliteControl.CancelBatch(session, jobKey, from), CancellationToken.None);
            next = batch.Next;
            count = batch.Result.Cancelled;
            changes.Add(batch.Result.Changes);
        }

        return new CancelResult(cancelled, begun.Flagged, changes.Build());
    }

    /// <inheritdoc/>
    public Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteControl.CancelTask(session, taskKey), cancellationToken);

    /// <inheritdoc/>
    public async Task<RetryResult> RetryJobAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken)
    {
        var changes = new ChangeSetBuilder();
        while (!await writer.RunAsync(session => SqliteRetry.TryBegin(session, jobKey, withCancelled), cancellationToken))
            changes.Add(await CloseBatchAsync(jobKey));
        var retried = 0;
        for (var isFinished = false; !isFinished;)
        {
            // The retry was accepted: once begun it goes through, whether or not the caller still waits.
            var batch = await writer.RunAsync(session => SqliteRetry.Continue(session, jobKey), CancellationToken.None);
            isFinished = batch.IsFinished;
            retried += batch.Result.Retried;
            changes.Add(batch.Result.Changes);
        }

        return new RetryResult(retried, changes.Build());
    }

    /// <inheritdoc/>
    public async Task<RetryResult> RetryTaskAsync(long taskKey, CancellationToken cancellationToken)
    {
        var changes = new ChangeSetBuilder();
        while (true)
        {
            if (await writer.RunAsync(session => SqliteRetry.RetryTask(session, taskKey), cancellationToken) is { } result)
            {
                changes.Add(result.Changes);
                return result with { Changes = changes.Build() };
            }

            changes.Add(await CloseBatchAsync(TaskKey.JobOf(taskKey)));
        }
    }

    /// <inheritdoc/>
    public Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqlitePauses.PauseJob(session, jobKey, paused), cancellationToken);

    /// <inheritdoc/>
    public Task PauseServiceAsync(string service, bool paused, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqlitePauses.PauseService(session, service, paused), cancellationToken);

    /// <inheritdoc/>
    public async Task<Reopening> ReopenAsync(string service, CancellationToken cancellationToken)
    {
        var reopened = await writer.RunAsync(session => SqliteReopen.Lanes(session, service), cancellationToken);
        var tasks = 0;
        for (var count = SqliteControl.Batch; count == SqliteControl.Batch; tasks += count)
            count = await writer.RunAsync(session => SqliteReopen.Tasks(session, service, SqliteControl.Batch), CancellationToken.None);
        return reopened with { Tasks = tasks };
    }

    /// <inheritdoc/>
    public Task<Pauses> ReadPausesAsync(CancellationToken cancellationToken) => readers.ReadAsync(SqlitePauses.Read, cancellationToken);

    /// <inheritdoc/>
    public Task<JobView?> FindJobAsync(Guid jobId, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteRead.FindJob(session, jobId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobView>> FindJobsAsync(IReadOnlyList<long> jobKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteRead.FindJobs(session, jobKeys), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskView>> FindTasksAsync(IReadOnlyList<long> taskKeys, bool withOutput, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteRead.FindTasks(session, taskKeys, withOutput), cancellationToken);

    /// <inheritdoc/>
    public Task<JobPage> ListJobsAsync(JobFilter filter, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteRead.ListJobs(session, filter), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskView>> ListTasksAsync(
        long jobKey, int fromOrdinal, int limit, bool withOutput, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteRead.ListTasks(session, jobKey, fromOrdinal, limit, withOutput), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptView>> ListAttemptsAsync(long taskKey, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteAttempts.ListAttempts(session, taskKey, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ILookup<long, PayloadRef>> ListPayloadsAsync(IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteRead.ListPayloads(session, taskKeys), cancellationToken);

    /// <inheritdoc/>
    public Task<int?> ReadPayloadChunkAsync(long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteRead.ReadChunk(session, payloadKey, sequence, destination.Span), cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeSet> ReadVersionsAsync(
        IReadOnlyList<long> jobKeys, IReadOnlyList<long> taskKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteRead.ReadVersions(session, jobKeys, taskKeys), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddApiKeyAsync(
        string prefix, ReadOnlyMemory<byte> hash, string name, ApiScope scope, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteApiKeys.Add(session, prefix, hash.Span, name, scope), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApiKey>> ListApiKeysAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(SqliteApiKeys.List, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeApiKeyAsync(string prefix, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteApiKeys.Revoke(session, prefix), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddTicketAsync(
        ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> holder, TimeSpan lifetime, int most, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteTickets.Add(session, hash.Span, holder.Span, lifetime, most), cancellationToken);

    /// <inheritdoc/>
    public Task<Ticket?> TakeTicketAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteTickets.Take(session, hash.Span), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<long>> FindPreviewsAsync(IReadOnlyList<long> payloadKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqlitePreviews.Settled(session, payloadKeys), cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]?> ReadPreviewAsync(long payloadKey, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqlitePreviews.Read(session, payloadKey), cancellationToken);

    /// <inheritdoc/>
    public Task SavePreviewAsync(long payloadKey, ReadOnlyMemory<byte> preview, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqlitePreviews.Save(session, payloadKey, preview.Span), cancellationToken, isBulk: true);

    /// <inheritdoc/>
    public Task<byte[]> ReadSigningKeyAsync(string name, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqlitePreviews.ReadSigningKey(session, name), cancellationToken);

    /// <inheritdoc/>
    public Task<QueueTotals> ReadTotalsAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(SqliteRead.ReadTotals, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServiceDepth>> ReadDepthsAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(SqliteDepths.Read, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteTaskList.Read(session, filter), cancellationToken);

    /// <inheritdoc/>
    public Task ReportAsync(long nodeKey, IReadOnlyList<LaneRate> rates, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteMeasure.Write(session, nodeKey, rates), cancellationToken);

    /// <inheritdoc/>
    public Task<JobOutlook?> ReadOutlookAsync(long jobKey, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteMeasure.Outlook(session, jobKey), cancellationToken);

    /// <inheritdoc/>
    public Task<QueueStats> ReadStatsAsync(CancellationToken cancellationToken) => readers.ReadAsync(SqliteMeasure.Stats, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<InteractionView>> AddInteractionsAsync(
        IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken) =>
        interactionGroups.AddAsync(interactions, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionView>> SaveSessionsAsync(IReadOnlyList<SessionUpdate> sessions, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteSessions.Save(session, database.Clock, sessions), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<InteractionView>> ListInteractionsAsync(InteractionFilter filter, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteInteractions.List(session, filter), cancellationToken);

    /// <inheritdoc/>
    public Task<InteractionView?> FindInteractionAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteInteractions.Find(session, id), cancellationToken);

    /// <inheritdoc/>
    public Task<SessionView?> FindSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteSessions.Find(session, sessionId), cancellationToken);

    /// <inheritdoc/>
    public Task<SessionView?> FindSessionAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteSessions.Find(session, id), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionView>> ListSessionsAsync(string? userId, int limit, int offset, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteSessions.List(session, userId, limit, offset), cancellationToken);

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.Use("SELECT COUNT(*) FROM (SELECT 1 FROM queue_jobs LIMIT 1)").Scalar(), cancellationToken);

    /// <inheritdoc/>
    public async Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteAsync(int limit, CancellationToken cancellationToken)
    {
        // Most of the time nothing is due, and then nobody takes the write lock.
        var due = await NextDueAsync(cancellationToken);
        if (due is null || due > database.Clock.GetUtcNow()) return (ChangeSet.Empty, due);
        var changes = await writer.RunAsync(session => SqliteMaintain.PromoteDue(session, limit), cancellationToken);
        return (changes, await NextDueAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<ChangeSet> RescueAsync(int limit, RescueScope scope, CancellationToken cancellationToken)
    {
        var locked = await readers.ReadAsync(SqliteRescue.FindLocked, cancellationToken);
        var dead = locked.Select(key => NodeLock.TryTakeDead(database.Path, key)).OfType<NodeLock>().ToList();
        try
        {
            var (changes, closed) = await writer.RunAsync(session => SqliteRescue.Run(session, limit, scope, dead), cancellationToken);
            // The notes of a node with more tasks than the limit are needed at the next turn.
            foreach (var node in dead) node.KeepFile(!closed.Contains(node.NodeKey));
            return changes;
        }
        finally
        {
            foreach (var node in dead) node.Dispose();
        }
    }

    /// <inheritdoc/>
    public async Task<ChangeSet> FinishCancelsAsync(int limit, CancellationToken cancellationToken)
    {
        var job = await readers.ReadAsync(session => session.Use(SqliteMaintain.UnfinishedCancels).Scalar(), cancellationToken);
        if (job is not { } key) return ChangeSet.Empty;
        var batch = await writer.RunAsync(
            session => SqliteControl.CancelBatch(session, key, TaskKey.From(key, 0), limit), cancellationToken);
        return batch.Result.Changes;
    }

    /// <inheritdoc/>
    public async Task<ChangeSet> ExpireAsync(int limit, CancellationToken cancellationToken)
    {
        var overdue = await readers.ReadAsync(session => session.Use(SqliteDeadlines.Overdue).Bind(1, 1).Scalar(), cancellationToken);
        return overdue is null
            ? ChangeSet.Empty
            : await writer.RunAsync(session => SqliteDeadlines.Expire(session, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ChangeSet> FinishRetriesAsync(int limit, CancellationToken cancellationToken)
    {
        var changes = new ChangeSetBuilder();
        while (changes.IsEmpty && await readers.ReadAsync(session => session.Use(SqliteRetry.Unfinished).Scalar(), cancellationToken) is { } job)
            changes.Add((await writer.RunAsync(session => SqliteRetry.Continue(session, job, limit), cancellationToken)).Result.Changes);
        return changes.Build();
    }

    /// <inheritdoc/>
    public async Task<int> RemoveOldAsync(RetentionPolicy policy, int limit, CancellationToken cancellationToken)
    {
        var hasWork = await readers.ReadAsync(session => new SqliteRetention(session, policy).HasWork(), cancellationToken);
        return hasWork
            ? await writer.RunAsync(
                session =>
                {
                    // The clock may have been set since the last look: what ended under another one moves before it is judged.
                    SqliteClock.Observe(session);
                    return new SqliteRetention(session, policy).Run(limit);
                },
                cancellationToken,
                isBulk: true)
            : 0;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CounterRepair>> ReconcileAsync(
        IReadOnlyList<long> jobKeys, int maxOpenTasks, CancellationToken cancellationToken)
    {
        var repairs = new List<CounterRepair>();
        foreach (var key in jobKeys)
        {
            if (!await readers.ReadAsync(session => SqliteReconcile.IsWrong(session, key, maxOpenTasks), cancellationToken)) continue;
            var repair = await writer.RunAsync(session => SqliteReconcile.Repair(session, key, maxOpenTasks), cancellationToken);
            if (repair is not null) repairs.Add(repair);
        }

        return repairs;
    }

    /// <inheritdoc/>
    public Task<int> CollectAsync(int limit, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteMaintain.Collect(session, limit), cancellationToken, isBulk: true);

    /// <inheritdoc/>
    public async Task<int> AgeAsync(TimeSpan step, int limit, CancellationToken cancellationToken)
    {
        var ms = (long)step.TotalMilliseconds;
        // Most of the time nothing waits so long, and then nobody takes the write lock.
        var aged = await readers.ReadAsync(session => SqliteAging.Find(session, ms, limit).Count, cancellationToken);
        return aged == 0 ? 0 : await writer.RunAsync(session => SqliteAging.Run(session, ms, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ObservedClock> ObserveClockAsync(CancellationToken cancellationToken) => writer.RunAsync(SqliteClock.Observe, cancellationToken);

    /// <inheritdoc/>
    public Task<int> MendTimesAsync(WaitLimits limits, int limit, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteClock.Mend(session, limits, limit), cancellationToken);

    /// <inheritdoc/>
    public string? Warning => probe.Warning;

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => probe.RunAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<bool> IsDamagedAsync(CancellationToken cancellationToken) => probe.IsDamagedAsync(cancellationToken);

    /// <inheritdoc/>
    public string? Explain(Exception error)
    {
        if (StoreTroubles.Of(error) == StoreTrouble.Damaged) probe.NoteDamage();
        return SqliteTroubles.Explain(error, database.Path);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true)) return;
        await checkpointer.DisposeAsync();
        nodes.Dispose();
        await writer.DisposeAsync();
        await readers.DisposeAsync();
    }

    /// <summary>Goes on with what closes a job, its cancel or its deadline.</summary>
    private Task<ChangeSet> CloseBatchAsync(long jobKey) => writer.RunAsync(
        session =>
        {
            var (result, _) = SqliteControl.CancelBatch(session, jobKey, TaskKey.From(jobKey, 0));
            return result.Cancelled > 0 ? result.Changes : SqliteDeadlines.Expire(session, SqliteControl.Batch);
        },
        CancellationToken.None);

    private async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        var (task, job) = await readers.ReadAsync(
            session => (session.Use(SqliteMaintain.NextDue).Scalar(), session.Use(SqliteDeadlines.NextStart).Scalar()), cancellationToken);
        if (task is null && job is null) return null;
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(task ?? long.MaxValue, job ?? long.MaxValue));
    }
}
