using Npgsql;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>What webhooks get. A trigger of queue_jobs and one of file_batches write the outbox (docs/adr/0039).</summary>
internal sealed class PostgresDeliveries(PostgresDatabase database) : IDeliveries
{
    // Events of batches are OpenAI's: a batch of another dialect is told as the job that it is.
    private const string Ended = """
        SELECT id, job_id,
            CASE WHEN EXISTS (SELECT 1 FROM file_batches b WHERE b.public_id = webhook_outbox.batch_id AND b.dialect <> 0 /* OpenAi */)
                THEN NULL ELSE batch_id END,
            job_key, state, service, total, completed, failed, cancelled, single_task, webhook, owner, deadline_at, ended_at
        FROM webhook_outbox ORDER BY id LIMIT $1
        """;

    private const string RemoveEnded = "DELETE FROM webhook_outbox WHERE id = $1 RETURNING id";

    private const string Columns = """
        d.id, d.public_id, d.webhook_id, d.url, d.owner, d.lane, d.event_id, d.type, d.job_id, d.data, d.happened_at, d.state, d.attempts,
        d.due_at, d.give_up_at, d.status, d.error, d.answer, d.attempted_at, d.duration_ms, d.finished_at, d.created_at
        """;

    private const int WebhookColumn = 22;

    private const string Insert = """
        INSERT INTO webhook_deliveries (public_id, webhook_id, url, owner, lane, event_id, type, job_id, data, happened_at, due_at,
            give_up_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, stashai_now(), stashai_now() + $11, stashai_now())
        """;

    private const string ById = $"SELECT {Columns} FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d.public_id = $2";

    private const string Take = $"""
        WITH due AS (
            SELECT id FROM webhook_deliveries
            WHERE state = 0 /* Waiting */ AND due_at <= stashai_now() AND lane <> ALL ($4::text[])
                AND ($5 OR webhook_id <> 0)
            ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED),
        d AS (
            UPDATE webhook_deliveries SET worker = $1, due_at = stashai_now() + $2, attempts = attempts + 1,
                lost = lost + 1, attempted_at = stashai_now()
            FROM due WHERE webhook_deliveries.id = due.id RETURNING webhook_deliveries.*)
        SELECT {Columns}, {PostgresWebhooks.Columns} FROM d LEFT JOIN webhooks w ON w.id = d.webhook_id ORDER BY d.id
        """;

    private const string GiveUpLost = """
        UPDATE webhook_deliveries SET state = 2 /* GivenUp */, worker = NULL, error = $1, finished_at = stashai_now()
        WHERE id = ANY (ARRAY (
            SELECT id FROM webhook_deliveries
            WHERE state = 0 /* Waiting */ AND lost > 2 /* WebhookRetry.MaxLost */ AND due_at <= stashai_now() FOR UPDATE SKIP LOCKED))
        """;

    // One that has been tried for long enough is given up (docs/adr/0017).
    private const string Settle = $"""
        UPDATE webhook_deliveries SET worker = NULL, lost = 0, status = $5, error = $6, answer = $7, duration_ms = $8,
            due_at = stashai_now() + $4,
            state = CASE WHEN $3::smallint = 0 AND {PostgresClock.Trusted} + $4 > give_up_at THEN 2 /* GivenUp */ ELSE $3::smallint END,
            finished_at = CASE WHEN $3::smallint > 0 OR {PostgresClock.Trusted} + $4 > give_up_at THEN stashai_now() END
        WHERE id = $1 AND worker = $2 AND state = 0 /* Waiting */ RETURNING id
        """;

    private const string Page = $"""
        SELECT {Columns} FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d.id < $2 AND ($3::bigint IS NULL OR d.state = $3)
        ORDER BY d.id DESC LIMIT $4
        """;

    private const string Replay = """
        UPDATE webhook_deliveries SET state = 0 /* Waiting */, attempts = 0, lost = 0, worker = NULL, due_at = stashai_now(),
            give_up_at = stashai_now() + $3, finished_at = NULL
        WHERE webhook_id = $1 AND public_id = $2
        """;

    private const string RemoveOld = $"""
        DELETE FROM webhook_deliveries WHERE id IN (
            SELECT id FROM webhook_deliveries WHERE finished_at IS NOT NULL AND finished_at < {PostgresClock.Trusted} - $1
            ORDER BY finished_at LIMIT $2)
        RETURNING id
        """;

    public async Task<IReadOnlyList<EndedWork>> ListEndedAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Ended, Value((long)limit));
        return await PostgresRows.ListAsync(
            batch,
            row => new EndedWork
            {
                Key = row.GetInt64(0),
                JobId = row.IsDBNull(1) ? null : row.GetGuid(1),
                BatchId = row.IsDBNull(2) ? FileBatch.OfJobKey(PostgresRows.TextOrNull(row, 3)) : row.GetGuid(2),
                State = (JobState)row.GetInt16(4),
                Service = row.GetString(5),
                Total = row.GetInt32(6),
                Completed = row.GetInt32(7),
                Failed = row.GetInt32(8),
                Cancelled = row.GetInt32(9),
                IsSingleTask = row.GetInt16(10) != 0,
                Webhook = PostgresRows.TextOrNull(row, 11),
                Owner = PostgresRows.TextOrNull(row, 12),
                Deadline = PostgresRows.Time(row, 13),
                EndedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(14)),
            },
            cancellationToken);
    }

    public async Task<bool> FanOutAsync(
        long ended, IReadOnlyList<NewDelivery> deliveries, TimeSpan period, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var begin = session.Batch().Add(Begin).Add(RemoveEnded, Value(ended));
        if ((await PostgresRows.ListAsync(begin, row => row.GetInt64(0), CancellationToken.None)).Count == 0)
        {
            await using var end = session.Batch().Add(Rollback);
            await end.RunAsync(CancellationToken.None);
            return false;
        }

        await using var batch = session.Batch();
        foreach (var delivery in deliveries) Add(batch, delivery, period);
        batch.Add(Commit);
        await batch.RunAsync(CancellationToken.None);
        return true;
    }

    public async Task<Delivery> AddDeliveryAsync(NewDelivery delivery, TimeSpan period, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        Add(batch, delivery, period);
        batch.Add(ById, Value(delivery.WebhookKey), Value(delivery.Id));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None))[0];
    }

    public async Task<IReadOnlyList<ClaimedDelivery>> TakeDeliveriesAsync(
        Guid worker, TimeSpan lease, int limit, IReadOnlyCollection<string> busyLanes, bool withAddresses,
        CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(GiveUpLost, Text(WebhookRetry.LostMessage)).Add(
            Take, Value(worker), Value((long)lease.TotalMilliseconds), Value((long)limit), Value<string[]>([.. busyLanes]),
            Value(withAddresses));
        return await PostgresRows.ListAsync(
            batch,
            row => new ClaimedDelivery(Read(row), row.IsDBNull(WebhookColumn) ? null : PostgresWebhooks.Read(row, WebhookColumn)),
            CancellationToken.None);
    }

    public async Task<bool> SettleDeliveryAsync(long key, Guid worker, DeliveryOutcome outcome, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Settle, Value(key), Value(worker), Value((short)outcome.State), Value((long)outcome.Delay.TotalMilliseconds),
            OrNull(outcome.Status), Text(outcome.Error), Text(outcome.Answer), OrNull((int?)outcome.Duration?.TotalMilliseconds));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count > 0;
    }

    public async Task<IReadOnlyList<Delivery>> ListDeliveriesAsync(
        long webhook, DeliveryState? state, long before, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Page, Value(webhook), Value(before), OrNull((long?)state), Value((long)limit));
        return await PostgresRows.ListAsync(batch, Read, cancellationToken);
    }

    public async Task<Delivery?> ReplayDeliveryAsync(long webhook, Guid id, TimeSpan period, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Replay, Value(webhook), Value(id), Value((long)period.TotalMilliseconds))
            .Add(ById, Value(webhook), Value(id));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None)).FirstOrDefault();
    }

    public async Task<int> RemoveOldDeliveriesAsync(TimeSpan keep, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(RemoveOld, Value((long)keep.TotalMilliseconds), Value((long)limit));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count;
    }

    private static void Add(PostgresBatch batch, NewDelivery delivery, TimeSpan period) => batch.Add(
        Insert, Value(delivery.Id), Value(delivery.WebhookKey), Text(delivery.Url), Text(delivery.Owner), Text(delivery.Lane),
        Value(delivery.EventId), Text(delivery.Type), OrNull(delivery.JobId), Text(delivery.Data),
        Value(delivery.HappenedAt.ToUnixTimeMilliseconds()), Value((long)period.TotalMilliseconds));

    private static Delivery Read(NpgsqlDataReader row) => new()
    {
        Key = row.GetInt64(0),
        Content = new NewDelivery
        {
            Id = row.GetGuid(1),
            WebhookKey = row.GetInt64(2),
            Url = PostgresRows.TextOrNull(row, 3),
            Owner = PostgresRows.TextOrNull(row, 4),
            Lane = row.GetString(5),
            EventId = row.GetGuid(6),
            Type = row.GetString(7),
            JobId = row.IsDBNull(8) ? null : row.GetGuid(8),
            Data = row.GetString(9),
            HappenedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)),
        },
        State = (DeliveryState)row.GetInt16(11),
        Attempts = row.GetInt32(12),
        DueAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(13)),
        GiveUpAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(14)),
        Status = row.IsDBNull(15) ? null : row.GetInt32(15),
        Error = PostgresRows.TextOrNull(row, 16),
        Answer = PostgresRows.TextOrNull(row, 17),
        AttemptedAt = PostgresRows.Time(row, 18),
        DurationMs = row.IsDBNull(19) ? null : row.GetInt32(19),
        FinishedAt = PostgresRows.Time(row, 20),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(21)),
    };
}
