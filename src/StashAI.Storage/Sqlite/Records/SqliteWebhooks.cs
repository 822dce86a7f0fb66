using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>The addresses that are told when jobs and batches end.</summary>
internal sealed class SqliteWebhooks(SqliteWriter writer, SqliteReaders readers) : IWebhooks
{
    public const string Columns = """
        w.id, w.public_id, w.name, w.url, w.description, w.events, w.secret, w.old_secret, w.old_secret_until, w.is_enabled,
        w.disabled_reason, w.version, w.created_at, w.updated_at
        """;

    private const string Select = $"SELECT {Columns} FROM webhooks w";

    private const string ByKey = $"{Select} WHERE w.id = ?1";

    private const string ById = $"{Select} WHERE w.public_id = ?1";

    private const string ByName = $"{Select} WHERE w.name = ?1";

    private const string Newest = $"{Select} WHERE w.id < ?1 ORDER BY w.id DESC LIMIT ?2";

    private const string Insert = """
        INSERT INTO webhooks (public_id, name, url, description, events, secret, is_enabled, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, stashai_now(), stashai_now())
        ON CONFLICT (name) DO NOTHING RETURNING id
        """;

    private const string NameOfOther = "SELECT 1 FROM webhooks WHERE name = ?1 AND id <> ?2";

    private const string Update = """
        UPDATE webhooks SET name = ?3, url = ?4, description = ?5, events = ?6, secret = ?7, old_secret = ?8, old_secret_until = ?9,
            is_enabled = ?10, disabled_reason = ?11, version = version + 1, updated_at = stashai_now()
        WHERE id = ?1 AND version = ?2
        """;

    private const string Disable = """
        UPDATE webhooks SET is_enabled = 0, disabled_reason = ?2, version = version + 1, updated_at = stashai_now()
        WHERE id = ?1 AND is_enabled = 1 AND version = ?3
        """;

    private const string Delete = "DELETE FROM webhooks WHERE id = ?1";

    private const string DeleteLog = """
        DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries WHERE webhook_id = ?1 LIMIT ?2)
        """;

    /// <summary>How many deliveries one transaction removes.</summary>
    private const int LogStep = 1000;

    public Task<Webhook?> AddWebhookAsync(Webhook webhook, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Insert).Bind(1, webhook.Id).Bind(2, webhook.Name).Bind(3, webhook.Url).Bind(4, webhook.Description)
            .Bind(5, string.Join(' ', webhook.Events)).Bind(6, webhook.Secret).Bind(7, webhook.IsEnabled ? 1 : 0).Scalar() is { } key
            ? List(session.Use(ByKey).Bind(1, key)).FirstOrDefault()
            : null,
        cancellationToken);

    public Task<Webhook?> FindWebhookAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => List(session.Use(ById).Bind(1, id)).FirstOrDefault(), cancellationToken);

    public Task<Webhook?> FindWebhookAsync(string name, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => List(session.Use(ByName).Bind(1, name)).FirstOrDefault(), cancellationToken);

    public Task<IReadOnlyList<Webhook>> ListWebhooksAsync(long before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<Webhook>>(
            session => List(session.Use(Newest).Bind(1, before).Bind(2, limit)), cancellationToken);

    public Task<WebhookSave> SaveWebhookAsync(Webhook webhook, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            if (session.Use(NameOfOther).Bind(1, webhook.Name).Bind(2, webhook.Key).Scalar() is not null) return WebhookSave.NameTaken;
            var update = session.Use(Update).Bind(1, webhook.Key).Bind(2, webhook.Version).Bind(3, webhook.Name).Bind(4, webhook.Url)
                .Bind(5, webhook.Description).Bind(6, string.Join(' ', webhook.Events)).Bind(7, webhook.Secret);
            _ = webhook.OldSecret is { } old ? update.Bind(8, old) : update.BindNull(8);
            return update.Bind(9, webhook.OldSecretUntil?.ToUnixTimeMilliseconds()).Bind(10, webhook.IsEnabled ? 1 : 0)
                .Bind(11, webhook.DisabledReason).Run() > 0
                ? WebhookSave.Saved
                : WebhookSave.Outdated;
        },
        cancellationToken);

    public Task<bool> DisableWebhookAsync(Webhook called, string reason, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Disable).Bind(1, called.Key).Bind(2, reason).Bind(3, called.Version).Run() > 0, cancellationToken);

    public async Task<bool> RemoveWebhookAsync(long key, CancellationToken cancellationToken)
    {
        if (!await writer.RunAsync(session => session.Use(Delete).Bind(1, key).Run() > 0, cancellationToken)) return false;
        // What a process that ends in the middle leaves goes when it is old.
        while (await writer.RunAsync(
            session => session.Use(DeleteLog).Bind(1, key).Bind(2, LogStep).Run(), CancellationToken.None, isBulk: true) == LogStep)
        {
        }

        return true;
    }

    /// <summary>Reads <see cref="Columns"/>, which begin at a column.</summary>
    public static Webhook Read(SqliteStatement row, int first) => new()
    {
        Key = row.Int64(first),
        Id = row.Guid(first + 1),
        Name = row.Text(first + 2),
        Url = row.Text(first + 3),
        Description = row.TextOrNull(first + 4),
        Events = row.Text(first + 5).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Secret = row.Blob(first + 6),
        OldSecret = row.IsNull(first + 7) ? null : row.Blob(first + 7),
        OldSecretUntil = row.IsNull(first + 8) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(first + 8)),
        IsEnabled = row.Int32(first + 9) != 0,
        DisabledReason = row.TextOrNull(first + 10),
        Version = row.Int64(first + 11),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(first + 12)),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(first + 13)),
    };

    private static List<Webhook> List(SqliteStatement row)
    {
        var found = new List<Webhook>();
        while (row.Step()) found.Add(Read(row, 0));
        return found;
    }
}
