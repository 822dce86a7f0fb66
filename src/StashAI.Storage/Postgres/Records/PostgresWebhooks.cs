using Npgsql;
using NpgsqlTypes;
using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>The addresses that are told when jobs and batches end.</summary>
internal sealed class PostgresWebhooks(PostgresDatabase database) : IWebhooks
{
    public const string Columns = """
        w.id, w.public_id, w.name, w.url, w.description, w.events, w.secret, w.old_secret, w.old_secret_until, w.is_enabled,
        w.disabled_reason, w.version, w.created_at, w.updated_at
        """;

    private const string Select = $"SELECT {Columns} FROM webhooks w";

    private const string ByKey = $"{Select} WHERE w.id = $1";

    private const string ById = $"{Select} WHERE w.public_id = $1";

    private const string ByName = $"{Select} WHERE w.name = $1";

    private const string Newest = $"{Select} WHERE w.id < $1 ORDER BY w.id DESC LIMIT $2";

    private const string Insert = """
        INSERT INTO webhooks (public_id, name, url, description, events, secret, is_enabled, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, stashai_now(), stashai_now())
        ON CONFLICT (name) DO NOTHING RETURNING id
        """;

    private const string NameOfOther = "SELECT id FROM webhooks WHERE name = $1 AND id <> $2";

    private const string Update = """
        UPDATE webhooks SET name = $3, url = $4, description = $5, events = $6, secret = $7, old_secret = $8, old_secret_until = $9,
            is_enabled = $10, disabled_reason = $11, version = version + 1, updated_at = stashai_now()
        WHERE id = $1 AND version = $2 RETURNING id
        """;

    private const string Disable = """
        UPDATE webhooks SET is_enabled = 0, disabled_reason = $2, version = version + 1, updated_at = stashai_now()
        WHERE id = $1 AND is_enabled = 1 AND version = $3 RETURNING id
        """;

    private const string Delete = "DELETE FROM webhooks WHERE id = $1 RETURNING id";

    private const string DeleteLog = """
        DELETE FROM webhook_deliveries WHERE id = ANY (ARRAY (SELECT id FROM webhook_deliveries WHERE webhook_id = $1 LIMIT $2)) RETURNING id
        """;

    /// <summary>How many deliveries one transaction removes.</summary>
    private const int LogStep = 1000;

    public async Task<Webhook?> AddWebhookAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Insert, Value(webhook.Id), Text(webhook.Name), Text(webhook.Url), Text(webhook.Description),
            Text(string.Join(' ', webhook.Events)), Value(webhook.Secret), Value((short)(webhook.IsEnabled ? 1 : 0)));
        if (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None) is not [var key]) return null;
        await using var look = session.Batch().Add(ByKey, Value(key));
        return (await PostgresRows.ListAsync(look, row => Read(row, 0), CancellationToken.None)).FirstOrDefault();
    }

    public Task<Webhook?> FindWebhookAsync(Guid id, CancellationToken cancellationToken) => FindAsync(ById, Value(id), cancellationToken);

    public Task<Webhook?> FindWebhookAsync(string name, CancellationToken cancellationToken) =>
        FindAsync(ByName, Text(name), cancellationToken);

    public async Task<IReadOnlyList<Webhook>> ListWebhooksAsync(long before, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Newest, Value(before), Value((long)limit));
        return await PostgresRows.ListAsync(batch, row => Read(row, 0), cancellationToken);
    }

    public async Task<WebhookSave> SaveWebhookAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using (var other = session.Batch().Add(NameOfOther, Text(webhook.Name), Value(webhook.Key)))
        {
            if ((await PostgresRows.ListAsync(other, row => row.GetInt64(0), cancellationToken)).Count > 0) return WebhookSave.NameTaken;
        }

        await using var batch = session.Batch().Add(
            Update, Value(webhook.Key), Value(webhook.Version), Text(webhook.Name), Text(webhook.Url), Text(webhook.Description),
            Text(string.Join(' ', webhook.Events)), Value(webhook.Secret), Bytes(webhook.OldSecret),
            OrNull(webhook.OldSecretUntil?.ToUnixTimeMilliseconds()), Value((short)(webhook.IsEnabled ? 1 : 0)),
            Text(webhook.DisabledReason));
        try
        {
            return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count > 0
                ? WebhookSave.Saved
                : WebhookSave.Outdated;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return WebhookSave.NameTaken;
        }
    }

    public async Task<bool> DisableWebhookAsync(Webhook called, string reason, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Disable, Value(called.Key), Text(reason), Value(called.Version));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count > 0;
    }

    public async Task<bool> RemoveWebhookAsync(long key, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Delete, Value(key));
        if ((await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count == 0) return false;
        // What a process that ends in the middle leaves goes when it is old.
        for (var removed = LogStep; removed == LogStep;)
        {
            await using var log = session.Batch().Add(DeleteLog, Value(key), Value((long)LogStep));
            removed = (await PostgresRows.ListAsync(log, row => row.GetInt64(0), CancellationToken.None)).Count;
        }

        return true;
    }

    /// <summary>Reads <see cref="Columns"/>, which begin at a column.</summary>
    public static Webhook Read(NpgsqlDataReader row, int first) => new()
    {
        Key = row.GetInt64(first),
        Id = row.GetGuid(first + 1),
        Name = row.GetString(first + 2),
        Url = row.GetString(first + 3),
        Description = PostgresRows.TextOrNull(row, first + 4),
        Events = row.GetString(first + 5).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Secret = row.GetFieldValue<byte[]>(first + 6),
        OldSecret = row.IsDBNull(first + 7) ? null : row.GetFieldValue<byte[]>(first + 7),
        OldSecretUntil = PostgresRows.Time(row, first + 8),
        IsEnabled = row.GetInt16(first + 9) != 0,
        DisabledReason = PostgresRows.TextOrNull(row, first + 10),
        Version = row.GetInt64(first + 11),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(first + 12)),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(first + 13)),
    };

    private static NpgsqlParameter Bytes(byte[]? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Bytea, Value = (object?)value ?? DBNull.Value };

    private async Task<Webhook?> FindAsync(string sql, NpgsqlParameter parameter, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(sql, parameter);
        return (await PostgresRows.ListAsync(batch, row => Read(row, 0), cancellationToken)).FirstOrDefault();
    }
}
