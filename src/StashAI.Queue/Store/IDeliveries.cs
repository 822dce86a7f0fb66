using StashAI.Queue.Model.Webhooks;

namespace StashAI.Queue.Store;

/// <summary>
/// What webhooks get (docs/adr/0039). The end of a job is noted in the transaction that ends it; a process makes deliveries of the note.
/// Each delivery is taken by one process at a time, and by another when its lease is over.
/// </summary>
public interface IDeliveries
{
    /// <summary>Ends of work of which no deliveries were made yet, the oldest first.</summary>
    Task<IReadOnlyList<EndedWork>> ListEndedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Makes the deliveries of an end, perhaps none, in place of its note. False when another process was faster.</summary>
    Task<bool> FanOutAsync(
        long ended, IReadOnlyList<NewDelivery> deliveries, TimeSpan period, CancellationToken cancellationToken);

    /// <summary>Stores one delivery, which is tried for <paramref name="period"/>.</summary>
    Task<Delivery> AddDeliveryAsync(NewDelivery delivery, TimeSpan period, CancellationToken cancellationToken);

    /// <summary>
    /// Takes deliveries that are due, the longest due first. Their attempts count from here. One that has ended each of the last
    /// <see cref="Policies.WebhookRetry.MaxLost"/> processes that took it is given up.
    /// </summary>
    /// <param name="worker">Who takes them.</param>
    /// <param name="lease">After this time another process may take them.</param>
    /// <param name="limit">The most deliveries.</param>
    /// <param name="busyLanes">Those of these lanes are left.</param>
    /// <param name="withAddresses">False when those to addresses that jobs name are left too.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    Task<IReadOnlyList<ClaimedDelivery>> TakeDeliveriesAsync(
        Guid worker, TimeSpan lease, int limit, IReadOnlyCollection<string> busyLanes, bool withAddresses,
        CancellationToken cancellationToken);

    /// <summary>Stores what came of a call; false when another process has the delivery.</summary>
    Task<bool> SettleDeliveryAsync(long key, Guid worker, DeliveryOutcome outcome, CancellationToken cancellationToken);

    /// <summary>
    /// Deliveries of a webhook, or of addresses that jobs name for key 0, with a key below <paramref name="before"/>, the newest first.
    /// </summary>
    Task<IReadOnlyList<Delivery>> ListDeliveriesAsync(
        long webhook, DeliveryState? state, long before, int limit, CancellationToken cancellationToken);

    /// <summary>Sends a delivery of a webhook again, from now on and for <paramref name="period"/>; null when it is unknown.</summary>
    Task<Delivery?> ReplayDeliveryAsync(long webhook, Guid id, TimeSpan period, CancellationToken cancellationToken);

    /// <summary>Removes deliveries that ended longer than <paramref name="keep"/> ago; returns how many.</summary>
    Task<int> RemoveOldDeliveriesAsync(TimeSpan keep, int limit, CancellationToken cancellationToken);
}
