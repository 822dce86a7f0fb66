using Microsoft.Extensions.Logging;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads;
using StashAI.Storage.Payloads.Segments;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Records;
using StashAI.Storage.Sqlite.Units;
using StashAI.Storage.Uploads;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>
/// An upload in small transactions. Until the commit, the job's row has the state Staging, which readers and claims ignore; the commit is
/// one update of that row (docs/adr/0003). What fits into the buffer is written only by the commit.
/// </summary>
/// <param name="writer">The writer of the database.</param>
/// <param name="maintain">Collects what a discarded upload leaves.</param>
/// <param name="segments">The segments of the upload; null to keep all parts in rows.</param>
/// <param name="clock">The clock of the database.</param>
/// <param name="nodeKey">The node whose lease keeps the upload.</param>
/// <param name="logger">Says what could not be removed of a broken upload.</param>
internal sealed class SqliteUpload(
    SqliteWriter writer, IMaintain maintain, SegmentWriter? segments, TimeProvider clock, long nodeKey, ILogger logger)
    : BufferedUpload(segments, logger)
{
    private const int CollectedAtOnce = 64;

    private const string Stage =
        "INSERT INTO queue_jobs (public_id, state, upload_node_id, created_at, updated_at) VALUES (?1, 6, ?2, "
        + "stashai_now(), stashai_now())";

    private const string InsertPayload = "INSERT INTO payloads (upload_job_id) VALUES (?1)";

    private const string InsertChunk = "INSERT INTO payload_chunks (id, bytes) VALUES (?1, ?2)";

    private const string FinishPayload =
        "UPDATE payloads SET size = ?2, sha256 = ?3, refs = refs + 1, segment_id = ?4, segment_offset = ?5, checksum = ?6 WHERE id = ?1";

    private const string InsertSegment = "INSERT INTO payload_segments (name, upload_job_id) VALUES (?1, ?2)";

    private const string CountPayloads = "UPDATE payload_segments SET payloads = payloads + ?2 WHERE id = ?1";

    // Segments of a node that was rescued are removed, so that its uploads are over.
    private const string IsRescued = "SELECT 1 FROM nodes WHERE id = ?1 AND rescued = 1";

    // One statement for all tasks of a transaction: one for each would open the table and its indexes each time.
    private const string InsertTasks = """
        INSERT INTO queue_tasks (id, state)
        WITH RECURSIVE keys (id) AS (VALUES (?1) UNION ALL SELECT id + 1 FROM keys WHERE id < ?2)
        SELECT id, 0 /* Available */ FROM keys
        """;

    private const string InsertInput = "INSERT INTO task_inputs (task_id, input, item_name, item_id) VALUES (?1, ?2, ?3, ?4)";

    private const string Identify = """
        INSERT INTO task_inputs (task_id, input, item_id) VALUES (?1, x'', ?2)
        ON CONFLICT (task_id) DO UPDATE SET item_id = excluded.item_id
        """;

    private const string InsertTaskPayload =
        "INSERT INTO task_payloads (task_id, ordinal, slot, payload_id, data_url_prefix) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string EnsureLane = """
        INSERT INTO lanes (service, authority, origin) VALUES (?1, ?2, ?3)
        ON CONFLICT DO UPDATE SET origin = excluded.origin WHERE origin <> excluded.origin
        """;

    private const string Publish = """
        UPDATE queue_jobs SET upload_node_id = NULL, lane_id = ?2, vtime = ?3, service = ?4, job_type = ?5, task_type = ?6,
            upstream = ?7, name = ?8, single_task = ?9, user_id = ?10, session_id = ?11, priority = ?12, effective_priority = ?12, weight = ?13,
            max_parallel = ?14, max_attempts = ?15, config = ?16, payload_bytes = ?17,
            start_at = ?18, waiting = COALESCE(?18 > stashai_now(), 0), deadline_at = ?19,
            idempotency_key = ?20, request_hash = ?21, idempotency_until = stashai_now() + ?22, owner = ?23, source_job = ?24, webhook = ?25,
            cache = ?26,
            created_at = stashai_now()
        WHERE id = ?1 AND state = 6 /* Staging */
        """;

    private readonly Guid jobId = TaskKey.NewJobId(clock.GetUtcNow());
    private long? jobKey;
    private bool isCommitted;

    protected override async Task<EnqueuedJob> PublishAsync(NewJob job, CancellationToken cancellationToken)
    {
        var enqueued = await writer.RunAsync(
            session => FindCommitted(session) ?? SqliteIdempotency.FindFirst(session, job) ?? Commit(session, job), cancellationToken);
        isCommitted = !enqueued.IsDuplicate;
        return enqueued;
    }

    protected override async ValueTask DiscardAsync()
    {
        if (isCommitted || (jobKey is null && Segments is not { HasSegments: true })) return;
        // In small transactions, so that claims continue in between.
        while (jobKey is { } key && await writer.RunAsync(
            session => SqliteRemoval.Continue(session, key, SqliteRemoval.TasksPerTransaction), CancellationToken.None, isBulk: true) > 0)
        {
        }

        // The answer to a commit may have been lost (S12): only the database knows.
        if (Segments is { HasSegments: true }
            && await writer.RunAsync(session => FindCommitted(session) is null, CancellationToken.None, isBulk: true))
        {
            await Segments.DeleteAsync();
        }

        while (await maintain.RemoveUnreferencedAsync(CollectedAtOnce, CancellationToken.None) > 0)
        {
        }
    }

    protected override async Task FlushAsync(CancellationToken cancellationToken)
    {
        var (key, created) = await writer.RunAsync(
            session =>
            {
                var key = StagedJob(session);
                return (key, Write(session, key));
            },
            cancellationToken,
            isBulk: true);
        jobKey = key;
        foreach (var (part, payloadKey) in created.Payloads) part.Key = payloadKey;
        foreach (var (segment, segmentKey) in created.Segments) segment.Key = segmentKey;
        Buffer.Clear();
    }

    protected override Task IdentifyStoredAsync(IReadOnlyList<(int Ordinal, string Id)> ids, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                var key = StagedJob(session);
                foreach (var (ordinal, id) in ids) session.Use(Identify).Bind(1, TaskKey.From(key, ordinal)).Bind(2, id).Run();
                return ids.Count;
            },
            cancellationToken,
            isBulk: true);

    protected override Task<CopiedItems> CopyBatchAsync(
        long sourceKey, int from, CopiedTasks which, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session => SqliteCopy.Run(session, sourceKey, StagedJob(session), from, which, TaskCount),
            cancellationToken,
            isBulk: true);

    private long StagedJob(SqliteSession session)
    {
        if (Segments is { HasSegments: true } && session.Use(IsRescued).Bind(1, nodeKey).Scalar() is not null)
            throw new UploadLostException();
        if (jobKey is not { } key) return StageJob(session);
        // The job may have been removed in the meantime; rows written now would be orphans.
        if (session.Use("SELECT 1 FROM queue_jobs WHERE id = ?1 AND state = 6 /* Staging */ AND upload_node_id IS NOT NULL").Bind(1, key)
            .Scalar() is null)
        {
            throw new UploadLostException();
        }

        return key;
    }

    private long StageJob(SqliteSession session)
    {
        session.Use(Stage).Bind(1, jobId).Bind(2, nodeKey).Run();
        return session.LastInsertRowId;
    }

    /// <summary>Writes the buffer. The keys of new rows are valid only after the transaction has committed.</summary>
    private CreatedRows Write(SqliteSession session, long key)
    {
        var created = new CreatedRows();
        foreach (var chunk in Buffer.Chunks)
        {
            var payloadKey = KeyOf(session, key, chunk.Payload, created);
            session.Use(InsertChunk).Bind(1, PayloadChunk.Key(payloadKey, chunk.Sequence)).Bind(2, Buffer.Bytes(chunk)).Run();
        }

        if (Buffer.Ordinals is var (first, last))
            session.Use(InsertTasks).Bind(1, TaskKey.From(key, first)).Bind(2, TaskKey.From(key, last)).Run();
        var counts = new Dictionary<Segment, int>();
        foreach (var pending in Buffer.Tasks)
        {
            var taskKey = TaskKey.From(key, pending.Ordinal);
            if (pending.HasInput)
            {
                var input = pending.RowInput(part => KeyOf(session, key, part, created));
                session.Use(InsertInput).Bind(1, taskKey).Bind(2, input).Bind(3, pending.Item.Name).Bind(4, pending.Item.Id).Run();
            }

            foreach (var (ordinal, part) in pending.Parts)
            {
                var payloadKey = KeyOf(session, key, part, created);
                Finish(session, key, part, payloadKey, created);
                if (part.Segment is { } segment) counts[segment] = counts.GetValueOrDefault(segment) + 1;
                session.Use(InsertTaskPayload).Bind(1, taskKey).Bind(2, ordinal).Bind(3, part.Slot).Bind(4, payloadKey)
                    .Bind(5, part.DataUrlPrefix).Run();
            }
        }

        foreach (var (segment, count) in counts)
            session.Use(CountPayloads).Bind(1, SegmentOf(session, key, segment, created)).Bind(2, count).Run();
        return created;
    }

    private static void Finish(SqliteSession session, long jobKey, PendingPayload part, long payloadKey, CreatedRows created)
    {
        var finish = session.Use(FinishPayload).Bind(1, payloadKey).Bind(2, part.Size).Bind(3, part.Sums.Sha256)
            .Bind(6, part.Sums.Checksum);
        if (part.Segment is { } segment) finish.Bind(4, SegmentOf(session, jobKey, segment, created)).Bind(5, part.Offset).Run();
        else finish.BindNull(4).BindNull(5).Run();
    }

    private static long KeyOf(SqliteSession session, long jobKey, PendingPayload part, CreatedRows created)
    {
        if (part.Key is { } known || created.Payloads.TryGetValue(part, out known)) return known;
        session.Use(InsertPayload).Bind(1, jobKey).Run();
        created.Payloads.Add(part, session.LastInsertRowId);
        return session.LastInsertRowId;
    }

    private static long SegmentOf(SqliteSession session, long jobKey, Segment segment, CreatedRows created)
    {
        if (segment.Key is { } known || created.Segments.TryGetValue(segment, out known)) return known;
        session.Use(InsertSegment).Bind(1, segment.Name).Bind(2, jobKey).Run();
        created.Segments.Add(segment, session.LastInsertRowId);
        return session.LastInsertRowId;
    }

    /// <summary>The job's key if an earlier commit succeeded and its answer was lost (S12).</summary>
    private EnqueuedJob? FindCommitted(SqliteSession session) =>
        session.Use("SELECT id FROM queue_jobs WHERE public_id = ?1 AND state <> 6 /* Staging */").Bind(1, jobId).Scalar() is { } key
            ? new EnqueuedJob(key, jobId, TaskCount)
            : null;

    private EnqueuedJob Commit(SqliteSession session, NewJob job)
    {
        var key = StagedJob(session);
        Write(session, key);
        session.Use(EnsureLane).Bind(1, job.Service).Bind(2, job.Upstream.Authority)
            .Bind(3, job.Upstream.GetLeftPart(UriPartial.Authority)).Run();
        var lane = session.Use(SqliteFairStart.OfNew).Bind(1, job.Service).Bind(2, job.Upstream.Authority).Bind(3, job.Priority);
        lane.Step();
        var (laneKey, start) = (lane.Int64(0), lane.Int64(1));
        lane.Reset();
        session.Use(Publish).Bind(1, key).Bind(2, laneKey).Bind(3, start).Bind(4, job.Service).Bind(5, job.JobType)
            .Bind(6, job.TaskType).Bind(7, job.Upstream.AbsoluteUri).Bind(8, job.Name).Bind(9, job.IsSingleTask ? 1 : 0)
            .Bind(10, job.UserId).Bind(11, job.SessionId).Bind(12, job.Priority).Bind(13, job.Weight).Bind(14, job.MaxParallel)
            .Bind(15, job.MaxAttempts).Bind(16, job.Config.Span).Bind(17, PayloadBytes)
            .Bind(18, job.StartAt?.ToUnixTimeMilliseconds()).Bind(19, job.Deadline?.ToUnixTimeMilliseconds())
            .Bind(20, job.IdempotencyKey).Bind(21, job.RequestHash.Span)
            .Bind(22, job.IdempotencyKey is null ? null : (long)job.IdempotencyPeriod.TotalMilliseconds)
            .Bind(23, job.Owner).Bind(24, job.SourceJob).Bind(25, job.Webhook).Bind(26, (int)job.Cache).Run();
        SqliteLabels.Add(session, key, job);
        if (job.Batch is { } batch) SqliteFileBatches.AddOfJob(session, key, batch);

        var unit = new SqliteUnit(session);
        var delta = unit.Job(key);
        delta.Total = TaskCount;
        delta[TaskState.Available] = TaskCount;
        unit.Finish();
        return new EnqueuedJob(key, jobId, TaskCount);
    }

    /// <summary>The keys of rows that a transaction inserted.</summary>
    private sealed class CreatedRows
    {
        public Dictionary<PendingPayload, long> Payloads { get; } = [];

        public Dictionary<Segment, long> Segments { get; } = [];
    }
}
