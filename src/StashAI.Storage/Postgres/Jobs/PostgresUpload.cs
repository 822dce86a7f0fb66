using Microsoft.Extensions.Logging;
using Npgsql;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads;
using StashAI.Storage.Payloads.Segments;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Records;
using StashAI.Storage.Postgres.Units;
using StashAI.Storage.Uploads;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>
/// An upload in small transactions. Until the commit, the job's row has the state Staging, which readers and claims ignore; the commit is
/// one update of that row (docs/adr/0003). What fits into the buffer is written only by the commit. Each transaction takes two round
/// trips: one for the keys, one for the rows.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="maintain">Collects what a discarded upload leaves.</param>
/// <param name="segments">The segments of the upload; null to keep all parts in rows.</param>
/// <param name="nodeKey">The node whose lease keeps the upload.</param>
/// <param name="logger">Says what could not be removed of a broken upload.</param>
internal sealed class PostgresUpload(
    PostgresDatabase database, IMaintain maintain, SegmentWriter? segments, long nodeKey, ILogger logger)
    : BufferedUpload(segments, logger)
{
    private const int CollectedAtOnce = 64;

    private const string Stage = """
        INSERT INTO queue_jobs (public_id, state, upload_node_id, created_at, updated_at) VALUES ($1, 6, $2, stashai_now(), stashai_now())
        ON CONFLICT (public_id) DO NOTHING RETURNING id
        """;

    // The job may have been removed in the meantime; rows written then would be orphans. The lock prevents its removal.
    private const string HoldStaged =
        "SELECT id FROM queue_jobs WHERE id = $1 AND state = 6 /* Staging */ AND upload_node_id IS NOT NULL FOR KEY SHARE";

    /// <summary>The job's key if an earlier commit succeeded and its answer was lost (S12).</summary>
    private const string FindCommitted = "SELECT id FROM queue_jobs WHERE public_id = $1 AND state <> 6 /* Staging */";

    private const string TakePayloadKeys = "SELECT nextval('payloads_id_seq') FROM generate_series(1, $1)";

    private const string InsertPayloads = """
        INSERT INTO payloads (id, upload_job_id, size, sha256, refs, segment_id, segment_offset, checksum)
        SELECT p.id, $1, p.size, p.sha256, p.refs, p.segment_id, p.segment_offset, p.checksum
        FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[])
            AS p (id, size, sha256, refs, segment_id, segment_offset, checksum)
        """;

    private const string TakeSegmentKeys = "SELECT nextval('payload_segments_id_seq') FROM generate_series(1, $1)";

    private const string CountPayloads = """
        INSERT INTO payload_segments (id, name, upload_job_id, payloads)
        SELECT s.id, s.name, $1, s.payloads FROM unnest($2::bigint[], $3::text[], $4::int[]) AS s (id, name, payloads)
        ON CONFLICT (id) DO UPDATE SET payloads = payload_segments.payloads + excluded.payloads
        """;

    // Segments of a node that was rescued are removed, so that its uploads are over. The lock makes its rescue wait for this transaction.
    private const string HoldNode = "SELECT rescued FROM nodes WHERE id = $1 FOR SHARE";

    private const string FinishPayloads = """
        UPDATE payloads SET size = p.size, sha256 = p.sha256, checksum = p.checksum, refs = refs + 1
        FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bigint[]) AS p (id, size, sha256, checksum) WHERE payloads.id = p.id
        """;

    private const string InsertChunks = "INSERT INTO payload_chunks (id, bytes) SELECT * FROM unnest($1::bigint[], $2::bytea[])";

    private const string InsertTasks = "INSERT INTO queue_tasks (id, state) SELECT id, "
        + "0 /* Available */ FROM unnest($1::bigint[]) AS t (id)";

    private const string InsertInputs = """
        INSERT INTO task_inputs (task_id, input, item_name, item_id)
        SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[])
        """;

    private const string Identify = """
        INSERT INTO task_inputs (task_id, input, item_id)
        SELECT t.id, ''::bytea, t.item_id FROM unnest($1::bigint[], $2::text[]) AS t (id, item_id)
        WHERE EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = t.id >> 24 AND j.state = 6 /* Staging */ FOR KEY SHARE)
        ON CONFLICT (task_id) DO UPDATE SET item_id = excluded.item_id
        """;

    private const string InsertTaskPayloads = """
        INSERT INTO task_payloads (task_id, ordinal, slot, payload_id, data_url_prefix)
        SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::bigint[], $5::text[])
        """;

    // A conflict would use up a lane key each time.
    private const string EnsureLane = """
        INSERT INTO lanes (service, authority, origin) SELECT $1, $2, $3
        WHERE NOT EXISTS (SELECT 1 FROM lanes WHERE service = $1 AND authority = $2) ON CONFLICT DO NOTHING
        """;

    private const string MoveLane = "UPDATE lanes SET origin = $3 WHERE service = $1 AND authority = $2 AND origin <> $3";

    private const string Publish = $"""
        WITH published AS (
            UPDATE queue_jobs SET upload_node_id = NULL, lane_id = l.id, vtime = {PostgresFairStart.OfNew}, service = $3, job_type = $5, task_type = $6,
                upstream = $7, name = $8, single_task = $9, user_id = $10, session_id = $11, priority = $12, effective_priority = $12, weight = $13,
                max_parallel = $14, max_attempts = $15, config = $16, payload_bytes = $17, total = $18, state = 0 /* Pending */,
                start_at = $19, deadline_at = $20, idempotency_key = $21, request_hash = $22, idempotency_until = stashai_now() + $23,
                owner = $24, source_job = $25, webhook = $26, cache = $27,
                waiting = CASE WHEN $19 > stashai_now() THEN 1 ELSE 0 END,
                available = CASE WHEN $19 > stashai_now() THEN 0 ELSE $18 END, scheduled = CASE WHEN $19 > stashai_now() THEN $18 ELSE 0 END,
                version = version + 1, waiting_since = stashai_now(), created_at = stashai_now(), updated_at = stashai_now()
            FROM lanes l WHERE l.service = $3 AND l.authority = $4 AND queue_jobs.id = $2 AND queue_jobs.state = 6 /* Staging */
            RETURNING queue_jobs.service, queue_jobs.single_task, queue_jobs.waiting)
        INSERT INTO totals (service, kind, state, node_id, count)
        SELECT p.service, t.kind, t.state, $1, t.n
        FROM published p CROSS JOIN LATERAL (VALUES (0, p.waiting, $18), (1 + p.single_task, 0, 1)) AS t (kind, state, n)
        WHERE t.n > 0 ORDER BY 1, 2
        ON CONFLICT (service, kind, state, node_id) DO UPDATE SET count = totals.count + excluded.count
        """;

    private const string FindStaged = "SELECT id FROM queue_jobs WHERE public_id = $1 AND state = 6 /* Staging */";

    private readonly Guid jobId = TaskKey.NewJobId(database.Clock.GetUtcNow());
    private long? jobKey;
    private bool isStaged;
    private bool isCommitted;

    protected override async Task<EnqueuedJob> PublishAsync(NewJob job, CancellationToken cancellationToken)
    {
        // Only the removal of a staged job makes certain that a commit whose answer was lost cannot come any more, and files can go.
        if (Segments is { HasSegments: true } && jobKey is null) await FlushAsync(cancellationToken);
        await using var session = await database.OpenAsync(cancellationToken);
        var begun = await BeginAsync(session, job);
        if (begun.First is not null) return begun.First;
        if (!begun.WasCommitted)
        {
            await using var batch = session.Batch();
            if (job.IdempotencyKey is { } idempotencyKey) PostgresIdempotency.AddFree(batch, idempotencyKey);
            AddRows(batch, begun);
            AddPublish(batch, begun.JobKey, job);
            await batch.Add(PostgresBatch.Commit).RunAsync(CancellationToken.None);
        }

        isCommitted = true;
        return new EnqueuedJob(begun.JobKey, jobId, TaskCount);
    }

    protected override async ValueTask DiscardAsync()
    {
        if (isCommitted) return;
        if (isStaged && await RemoveStagedAsync()) return;
        if (Segments is not null) await Segments.DeleteAsync();
        while (isStaged && await maintain.RemoveUnreferencedAsync(CollectedAtOnce, CancellationToken.None) > 0)
        {
        }
    }

    /// <summary>Removes the rows of the upload; true when its job was committed after all, and the answer was lost (S12).</summary>
    private async Task<bool> RemoveStagedAsync()
    {
        await using var session = await database.OpenAsync(CancellationToken.None);
        // By public id: the answer with its key may have been lost. It waits for a commit that is under way.
        while (await KeyAsync(session, FindStaged) is { } key
            && await PostgresRemoval.ContinueAsync(session, key, PostgresRemoval.TasksPerTransaction) > 0)
        {
            // In small transactions, so that claims continue in between.
        }

        return await KeyAsync(session, FindCommitted) is not null;
    }

    private async Task<long?> KeyAsync(PostgresSession session, string sql)
    {
        await using var find = session.Batch().Add(sql, Value(jobId));
        await using var rows = await find.ReadAsync(CancellationToken.None);
        return await rows.ReadAsync() ? rows.GetInt64(0) : null;
    }

    protected override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        isStaged = true;
        var begun = await BeginAsync(session, job: null);
        await using var batch = session.Batch();
        AddRows(batch, begun);
        await batch.Add(PostgresBatch.Commit).RunAsync(CancellationToken.None);
        // The keys are valid only now that the transaction has committed.
        jobKey = begun.JobKey;
        foreach (var (part, payloadKey) in begun.Payloads) part.Key = payloadKey;
        foreach (var (segment, segmentKey) in begun.Segments) segment.Key = segmentKey;
        Buffer.Clear();
    }

    protected override async Task IdentifyStoredAsync(
        IReadOnlyList<(int Ordinal, string Id)> ids, CancellationToken cancellationToken)
    {
        // Ids are for tasks that a flush has written, which staged the job.
        var key = jobKey ?? throw new UploadLostException();
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Identify, Value(ids.Select(one => TaskKey.From(key, one.Ordinal)).ToArray()),
            Value(ids.Select(one => PostgresText.ToStorable(one.Id)).ToArray()));
        await batch.RunAsync(cancellationToken);
    }

    protected override async Task<CopiedItems> CopyBatchAsync(
        long sourceKey, int from, CopiedTasks which, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var begun = await BeginAsync(session, job: null);
        try
        {
            var copied = await PostgresCopy.RunAsync(session, sourceKey, begun.JobKey, from, which, TaskCount);
            await using var batch = session.Batch();
            await batch.Add(PostgresBatch.Commit).RunAsync(CancellationToken.None);
            return copied;
        }
        catch (SourceLostException)
        {
            await using var nothing = session.Batch().Add(Rollback);
            await nothing.RunAsync(CancellationToken.None);
            throw;
        }
    }

    private async Task<BegunTransaction> BeginAsync(PostgresSession session, NewJob? job)
    {
        var parts = Buffer.Chunks.Select(chunk => chunk.Payload).Concat(PartsOfTasks())
            .Where(part => part.Key is null).Distinct().ToList();
        var segments = parts.Select(part => part.Segment).OfType<Segment>().Where(segment => segment.Key is null).Distinct().ToList();
        await using (var batch = session.Batch().Add(Begin))
        {
            if (jobKey is { } known) batch.Add(HoldStaged, Value(known));
            else batch.Add(Stage, Value(jobId), Value(nodeKey));
            batch.Add(FindCommitted, Value(jobId)).Add(TakePayloadKeys, Value(parts.Count));
            if (job?.IdempotencyKey is { } idempotencyKey) PostgresIdempotency.AddFind(batch, idempotencyKey);
            if (Segments is { HasSegments: true }) batch.Add(TakeSegmentKeys, Value(segments.Count)).Add(HoldNode, Value(nodeKey));
            await using var rows = await batch.ReadAsync(CancellationToken.None);
            long? staged = await rows.ReadAsync() ? rows.GetInt64(0) : null;
            await rows.NextResultAsync();
            long? committed = await rows.ReadAsync() ? rows.GetInt64(0) : null;
            await rows.NextResultAsync();
            var payloadKeys = await ReadKeysAsync(rows, parts);
            EnqueuedJob? first = null;
            if (job?.IdempotencyKey is not null)
            {
                await rows.NextResultAsync();
                first = await PostgresIdempotency.ReadAsync(rows, job);
            }

            Dictionary<Segment, long> segmentKeys = [];
            if (Segments is { HasSegments: true })
            {
                await rows.NextResultAsync();
                segmentKeys = await ReadKeysAsync(rows, segments);
                await rows.NextResultAsync();
                if (await rows.ReadAsync() && rows.GetInt16(0) == 1) staged = null;
            }

            await EndAsync(rows, CancellationToken.None);
            if (staged is { } key && first is null) return new(key) { Payloads = payloadKeys, Segments = segmentKeys };
            await rows.DisposeAsync();
            await using var nothing = session.Batch().Add(Rollback);
            await nothing.RunAsync(CancellationToken.None);
            if (committed is { } earlier) return new(earlier) { WasCommitted = true };
            return first is not null ? new(0) { First = first } : throw new UploadLostException();
        }
    }

    private static async Task<Dictionary<T, long>> ReadKeysAsync<T>(NpgsqlDataReader rows, List<T> owners)
        where T : notnull
    {
        var keys = new Dictionary<T, long>(owners.Count);
        foreach (var owner in owners)
        {
            await rows.ReadAsync();
            keys.Add(owner, rows.GetInt64(0));
        }

        return keys;
    }

    private IEnumerable<PendingPayload> PartsOfTasks() =>
        Buffer.Tasks.SelectMany(pending => pending.Parts).Select(part => part.Part);

    private void AddRows(PostgresBatch batch, BegunTransaction begun)
    {
        var (key, created) = (begun.JobKey, begun.Payloads);
        long KeyOf(PendingPayload part) => part.Key ?? created[part];
        long? SegmentOf(PendingPayload part) => part.Segment is { } segment ? segment.Key ?? begun.Segments[segment] : null;
        if (created.Count > 0)
        {
            var parts = created.Keys.ToList();
            var inSegments = parts.Where(part => part.Segment is not null).GroupBy(part => part.Segment!)
                .OrderBy(group => SegmentOf(group.First())).ToList();
            if (inSegments.Count > 0)
            {
                batch.Add(
                    CountPayloads, Value(key), Value(inSegments.Select(group => SegmentOf(group.First())!.Value).ToArray()),
                    Value(inSegments.Select(group => group.Key.Name).ToArray()),
                    Value(inSegments.Select(group => group.Count()).ToArray()));
            }

            var referenced = PartsOfTasks().ToHashSet();
            batch.Add(
                InsertPayloads, Value(key), Value(parts.Select(KeyOf).ToArray()), Value(parts.Select(part => part.Size).ToArray()),
                Value(parts.Select(part => part.Sums.Sha256).ToArray()),
                Value(parts.Select(part => referenced.Contains(part) ? 1 : 0).ToArray()),
                Value(parts.Select(SegmentOf).ToArray()),
                Value(parts.Select(part => part.Segment is null ? (long?)null : part.Offset).ToArray()),
                Value(parts.Select(ChecksumOf).ToArray()));
        }

        if (Buffer.Chunks.Count > 0)
        {
            batch.Add(
                InsertChunks,
                Value(Buffer.Chunks.Select(chunk => PayloadChunk.Key(KeyOf(chunk.Payload), chunk.Sequence)).ToArray()),
                Value(Buffer.Chunks.Select(Buffer.Memory).ToArray()));
        }

        if (Buffer.Tasks.Count == 0) return;
        batch.Add(
            InsertTasks,
            Value(Buffer.Tasks.Where(pending => pending.Ordinal != TaskKey.JobParts)
                .Select(pending => TaskKey.From(key, pending.Ordinal)).ToArray()));
        var inputs = Buffer.Tasks.FindAll(pending => pending.HasInput);
        if (inputs.Count > 0)
        {
            batch.Add(
                InsertInputs, Value(inputs.Select(pending => TaskKey.From(key, pending.Ordinal)).ToArray()),
                Value(inputs.Select(pending => pending.RowInput(KeyOf)).ToArray()),
                Value(inputs.Select(pending => PostgresText.ToStorable(pending.Item.Name)).ToArray()),
                Value(inputs.Select(pending => PostgresText.ToStorable(pending.Item.Id)).ToArray()));
        }

        var slots = Buffer.Tasks.SelectMany(
            pending => pending.Parts.Select(part => (Task: TaskKey.From(key, pending.Ordinal), part.Ordinal, part.Part))).ToList();
        if (slots.Count == 0) return;
        batch.Add(
            InsertTaskPayloads,
            Value(slots.Select(slot => slot.Task).ToArray()),
            Value(slots.Select(slot => slot.Ordinal).ToArray()),
            Value(slots.Select(slot => PostgresText.ToStorable(slot.Part.Slot)).ToArray()),
            Value(slots.Select(slot => KeyOf(slot.Part)).ToArray()),
            Value(slots.Select(slot => PostgresText.ToStorable(slot.Part.DataUrlPrefix)).ToArray()));
        var finished = slots.Select(slot => slot.Part).Where(part => part.Key is not null).ToList();
        if (finished.Count == 0) return;
        batch.Add(
            FinishPayloads, Value(finished.Select(KeyOf).ToArray()), Value(finished.Select(part => part.Size).ToArray()),
            Value(finished.Select(part => part.Sums.Sha256).ToArray()), Value(finished.Select(ChecksumOf).ToArray()));
    }

    /// <summary>Null for a payload that has not ended.</summary>
    private static long? ChecksumOf(PendingPayload part) => part.Sums.Sha256 is null ? null : part.Sums.Checksum;

    private void AddPublish(PostgresBatch batch, long key, NewJob job)
    {
        batch.Add(EnsureLane, Text(job.Service), Text(job.Upstream.Authority), Text(job.Upstream.GetLeftPart(UriPartial.Authority)))
            .Add(MoveLane, Text(job.Service), Text(job.Upstream.Authority), Text(job.Upstream.GetLeftPart(UriPartial.Authority)))
            .Add(
                Publish, Value(nodeKey), Value(key), Text(job.Service), Text(job.Upstream.Authority), Text(job.JobType), Text(job.TaskType),
            Text(job.Upstream.AbsoluteUri), Text(job.Name), Value(job.IsSingleTask ? 1 : 0), Text(job.UserId), Text(job.SessionId),
            Value(job.Priority), Value(job.Weight), Value(job.MaxParallel), Value(job.MaxAttempts), Value(job.Config), Value(PayloadBytes),
            Value(TaskCount), OrNull(job.StartAt?.ToUnixTimeMilliseconds()), OrNull(job.Deadline?.ToUnixTimeMilliseconds()),
            Text(job.IdempotencyKey), Value(job.RequestHash),
                OrNull(job.IdempotencyKey is null ? null : (long)job.IdempotencyPeriod.TotalMilliseconds),
            Text(job.Owner), OrNull(job.SourceJob), Text(job.Webhook),
            Value((short)job.Cache));
        PostgresLabels.Add(batch, key, job);
        if (job.Batch is { } own) PostgresFileBatches.AddOfJob(batch, key, own);
    }

    /// <summary>A transaction that has begun, and the keys of the rows that it inserts.</summary>
    private sealed record BegunTransaction(long JobKey)
    {
        public Dictionary<PendingPayload, long> Payloads { get; init; } = [];

        public Dictionary<Segment, long> Segments { get; init; } = [];

        /// <summary>True when an earlier commit succeeded and its answer was lost; the transaction was rolled back.</summary>
        public bool WasCommitted { get; init; }

        /// <summary>The first job with the idempotency key; the transaction was rolled back.</summary>
        public EnqueuedJob? First { get; init; }
    }
}
