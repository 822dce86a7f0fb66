using StashAI.Queue.Model.Webhooks;

namespace StashAI.Queue.Store;

/// <summary>The addresses that are told when jobs and batches end.</summary>
public interface IWebhooks
{
    /// <summary>Stores a new one; null when its name is taken.</summary>
    Task<Webhook?> AddWebhookAsync(Webhook webhook, CancellationToken cancellationToken);

    Task<Webhook?> FindWebhookAsync(Guid id, CancellationToken cancellationToken);

    Task<Webhook?> FindWebhookAsync(string name, CancellationToken cancellationToken);

    /// <summary>Those with a key below <paramref name="before"/>, the newest first.</summary>
    Task<IReadOnlyList<Webhook>> ListWebhooksAsync(long before, int limit, CancellationToken cancellationToken);

    /// <summary>Stores a change of the webhook with this key and version.</summary>
    Task<WebhookSave> SaveWebhookAsync(Webhook webhook, CancellationToken cancellationToken);

    /// <summary>
    /// Disables a webhook as it was called, for a reason that people see. False when it was changed or removed since, or is disabled.
    /// </summary>
    Task<bool> DisableWebhookAsync(Webhook called, string reason, CancellationToken cancellationToken);

    /// <summary>Removes a webhook, and then its deliveries, in small steps. False when it is gone already.</summary>
    Task<bool> RemoveWebhookAsync(long key, CancellationToken cancellationToken);
}
