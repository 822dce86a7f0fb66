using System.Text.Json;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>What webhooks get. A trigger of queue_jobs and one of file_batches write the outbox (docs/adr/0039).</summary>
internal sealed class SqliteDeliveries(SqliteWriter writer, SqliteReaders readers) : IDeliveries
{
    // Events of batches are OpenAI's: a batch of another dialect is told as the job that it is.
    private const string Ended = """
        SELECT id, job_id,
            CASE WHEN EXISTS (SELECT 1 FROM file_batches b WHERE b.public_id = webhook_outbox.batch_id AND b.dialect <> 0 /* OpenAi */)
                THEN NULL ELSE batch_id END,
            job_key, state, service, total, completed, failed, cancelled, single_task, webhook, owner, deadline_at, ended_at
        FROM webhook_outbox ORDER BY id LIMIT ?1
        """;

    private const string RemoveEnded = "DELETE FROM webhook_outbox WHERE id = ?1";

    private const string Columns = """
        d.id, d.public_id, d.webhook_id, d.url, d.owner, d.lane, d.event_id, d.type, d.job_id, d.data, d.happened_at, d.state, d.attempts,
        d.due_at, d.give_up_at, d.status, d.error, d.answer, d.attempted_at, d.duration_ms, d.finished_at, d.created_at
        """;

    private const int WebhookColumn = 22;

    private const string Insert = """
        INSERT INTO webhook_deliveries (public_id, webhook_id, url, owner, lane, event_id, type, job_id, data, happened_at, due_at,
            give_up_at, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, stashai_now(), stashai_now() + ?11, stashai_now())
        """;

    private const string ById = $"SELECT {Columns} FROM webhook_deliveries d WHERE d.webhook_id = ?1 AND d.public_id = ?2";

    private const string AnyDue = "SELECT 1 FROM webhook_deliveries WHERE state = 0 AND due_at <= stashai_now() LIMIT 1";

    private const string Due = """
        SELECT id FROM webhook_deliveries
        WHERE state = 0 /* Waiting */ AND due_at <= stashai_now() AND lane NOT IN (SELECT value FROM json_each(?2))
            AND (?3 OR webhook_id <> 0)
        ORDER BY due_at, id LIMIT ?1
        """;

    private const string GiveUpLost = """
        UPDATE webhook_deliveries SET state = 2 /* GivenUp */, worker = NULL, error = ?1, finished_at = stashai_now()
        WHERE state = 0 /* Waiting */ AND lost > 2 /* WebhookRetry.MaxLost */ AND due_at <= stashai_now()
        """;

    private const string Take = """
        UPDATE webhook_deliveries SET worker = ?2, due_at = stashai_now() + ?3, attempts = attempts + 1, lost = lost + 1,
            attempted_at = stashai_now()
        WHERE id = ?1
        """;

    private const string Taken = $"""
        SELECT {Columns}, {SqliteWebhooks.Columns} FROM webhook_deliveries d LEFT JOIN webhooks w ON w.id = d.webhook_id WHERE d.id = ?1
        """;

    // One that has been tried for long enough is given up (docs/adr/0017).
    private const string Settle = $"""
        UPDATE webhook_deliveries SET worker = NULL, lost = 0, status = ?5, error = ?6, answer = ?7, duration_ms = ?8,
            due_at = stashai_now() + ?4,
            state = CASE WHEN ?3 = 0 AND {SqliteClock.Trusted} + ?4 > give_up_at THEN 2 /* GivenUp */ ELSE ?3 END,
            finished_at = CASE WHEN ?3 > 0 OR {SqliteClock.Trusted} + ?4 > give_up_at THEN stashai_now() END
        WHERE id = ?1 AND worker = ?2 AND state = 0 /* Waiting */
        """;

    private const string Page = $"""
        SELECT {Columns} FROM webhook_deliveries d WHERE d.webhook_id = ?1 AND d.id < ?2 AND (?3 IS NULL OR d.state = ?3)
        ORDER BY d.id DESC LIMIT ?4
        """;

    private const string Replay = """
        UPDATE webhook_deliveries SET state = 0 /* Waiting */, attempts = 0, lost = 0, worker = NULL, due_at = stashai_now(),
            give_up_at = stashai_now() + ?3, finished_at = NULL
        WHERE webhook_id = ?1 AND public_id = ?2
        """;

    private const string RemoveOld = $"""
        DELETE FROM webhook_deliveries WHERE id IN (
            SELECT id FROM webhook_deliveries WHERE finished_at IS NOT NULL AND finished_at < {SqliteClock.Trusted} - ?1
            ORDER BY finished_at LIMIT ?2)
        """;

    public Task<IReadOnlyList<EndedWork>> ListEndedAsync(int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<EndedWork>>(
            session =>
            {
                var found = new List<EndedWork>();
                var row = session.Use(Ended).Bind(1, limit);
                while (row.Step())
                {
                    found.Add(new EndedWork
                    {
                        Key = row.Int64(0),
                        JobId = row.IsNull(1) ? null : row.Guid(1),
                        BatchId = row.IsNull(2) ? FileBatch.OfJobKey(row.TextOrNull(3)) : row.Guid(2),
                        State = (JobState)row.Int32(4),
                        Service = row.Text(5),
                        Total = row.Int32(6),
                        Completed = row.Int32(7),
                        Failed = row.Int32(8),
                        Cancelled = row.Int32(9),
                        IsSingleTask = row.Int32(10) != 0,
                        Webhook = row.TextOrNull(11),
                        Owner = row.TextOrNull(12),
                        Deadline = Time(row, 13),
                        EndedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(14)),
                    });
                }

                return found;
            },
            cancellationToken);

    public Task<bool> FanOutAsync(
        long ended, IReadOnlyList<NewDelivery> deliveries, TimeSpan period, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            if (session.Use(RemoveEnded).Bind(1, ended).Run() == 0) return false;
            foreach (var delivery in deliveries) Add(session, delivery, period);
            return true;
        },
        cancellationToken);

    public Task<Delivery> AddDeliveryAsync(NewDelivery delivery, TimeSpan period, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            Add(session, delivery, period);
            return List(session.Use(ById).Bind(1, delivery.WebhookKey).Bind(2, delivery.Id))[0];
        },
        cancellationToken);

    public async Task<IReadOnlyList<ClaimedDelivery>> TakeDeliveriesAsync(
        Guid worker, TimeSpan lease, int limit, IReadOnlyCollection<string> busyLanes, bool withAddresses,
        CancellationToken cancellationToken)
    {
        // Usually there is none, and the write lock is not needed.
        if (await readers.ReadAsync(session => session.Use(AnyDue).Scalar(), cancellationToken) is null) return [];
        var busy = JsonSerializer.Serialize(busyLanes);
        return await writer.RunAsync<IReadOnlyList<ClaimedDelivery>>(
            session =>
            {
                session.Use(GiveUpLost).Bind(1, WebhookRetry.LostMessage).Run();
                var keys = new List<long>();
                var due = session.Use(Due).Bind(1, limit).Bind(2, busy).Bind(3, withAddresses ? 1 : 0);
                while (due.Step()) keys.Add(due.Int64(0));
                var taken = new List<ClaimedDelivery>(keys.Count);
                foreach (var key in keys)
                {
                    session.Use(Take).Bind(1, key).Bind(2, worker).Bind(3, (long)lease.TotalMilliseconds).Run();
                    var row = session.Use(Taken).Bind(1, key);
                    row.Step();
                    taken.Add(new ClaimedDelivery(
                        Read(row), row.IsNull(WebhookColumn) ? null : SqliteWebhooks.Read(row, WebhookColumn)));
                    row.Reset();
                }

                return taken;
            },
            cancellationToken);
    }

    public Task<bool> SettleDeliveryAsync(long key, Guid worker, DeliveryOutcome outcome, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session => session.Use(Settle).Bind(1, key).Bind(2, worker).Bind(3, (int)outcome.State)
                .Bind(4, (long)outcome.Delay.TotalMilliseconds).Bind(5, (long?)outcome.Status).Bind(6, outcome.Error)
                .Bind(7, outcome.Answer).Bind(8, (long?)outcome.Duration?.TotalMilliseconds).Run() > 0,
            cancellationToken);

    public Task<IReadOnlyList<Delivery>> ListDeliveriesAsync(
        long webhook, DeliveryState? state, long before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<Delivery>>(
            session => List(session.Use(Page).Bind(1, webhook).Bind(2, before).Bind(3, (long?)state).Bind(4, limit)), cancellationToken);

    public Task<Delivery?> ReplayDeliveryAsync(long webhook, Guid id, TimeSpan period, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                session.Use(Replay).Bind(1, webhook).Bind(2, id).Bind(3, (long)period.TotalMilliseconds).Run();
                return List(session.Use(ById).Bind(1, webhook).Bind(2, id)).FirstOrDefault();
            },
            cancellationToken);

    public Task<int> RemoveOldDeliveriesAsync(TimeSpan keep, int limit, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(RemoveOld).Bind(1, (long)keep.TotalMilliseconds).Bind(2, limit).Run(), cancellationToken, isBulk: true);

    private static void Add(SqliteSession session, NewDelivery delivery, TimeSpan period) =>
        session.Use(Insert).Bind(1, delivery.Id).Bind(2, delivery.WebhookKey).Bind(3, delivery.Url).Bind(4, delivery.Owner)
            .Bind(5, delivery.Lane).Bind(6, delivery.EventId).Bind(7, delivery.Type).Bind(8, delivery.JobId).Bind(9, delivery.Data)
            .Bind(10, delivery.HappenedAt.ToUnixTimeMilliseconds()).Bind(11, (long)period.TotalMilliseconds).Run();

    private static List<Delivery> List(SqliteStatement row)
    {
        var found = new List<Delivery>();
        while (row.Step()) found.Add(Read(row));
        return found;
    }

    private static Delivery Read(SqliteStatement row) => new()
    {
        Key = row.Int64(0),
        Content = new NewDelivery
        {
            Id = row.Guid(1),
            WebhookKey = row.Int64(2),
            Url = row.TextOrNull(3),
            Owner = row.TextOrNull(4),
            Lane = row.Text(5),
            EventId = row.Guid(6),
            Type = row.Text(7),
            JobId = row.IsNull(8) ? null : row.Guid(8),
            Data = row.Text(9),
            HappenedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(10)),
        },
        State = (DeliveryState)row.Int32(11),
        Attempts = row.Int32(12),
        DueAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(13)),
        GiveUpAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(14)),
        Status = row.IsNull(15) ? null : row.Int32(15),
        Error = row.TextOrNull(16),
        Answer = row.TextOrNull(17),
        AttemptedAt = Time(row, 18),
        DurationMs = row.IsNull(19) ? null : row.Int32(19),
        FinishedAt = Time(row, 20),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(21)),
    };

    private static DateTimeOffset? Time(SqliteStatement row, int column) =>
        row.IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(column));
}
