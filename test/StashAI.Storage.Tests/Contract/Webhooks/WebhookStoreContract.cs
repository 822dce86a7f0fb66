using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;

namespace StashAI.Storage.Tests.Contract.Webhooks;

/// <summary>What the contracts of webhooks share.</summary>
public abstract class WebhookStoreContract(IStoreHost host) : StoreContract(host)
{
    protected static readonly TimeSpan Period = TimeSpan.FromDays(3);

    protected static readonly WaitLimits Limits = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), Lease);

    protected static readonly Guid Me = Guid.NewGuid();

    protected IWebhooks Webhooks => Store.Webhooks;

    protected IDeliveries Deliveries => Store.Deliveries;

    protected static Webhook New(string name) => new()
    {
        Id = Guid.NewGuid(),
        Name = name,
        Url = "https://a/",
        Events = ["job.completed"],
        Secret = [1, 2, 3],
    };

    protected static NewDelivery Of(Webhook webhook) => new()
    {
        Id = Guid.NewGuid(),
        WebhookKey = webhook.Key,
        Lane = $"{webhook.Key}",
        EventId = Guid.NewGuid(),
        Type = "job.completed",
        Data = """{"id":"x"}""",
        HappenedAt = new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    protected static DeliveryOutcome Taken(int status) => new()
    {
        State = DeliveryState.Delivered,
        Status = status,
        Duration = TimeSpan.FromMilliseconds(1),
    };

    protected static DeliveryOutcome Failed(TimeSpan delay) => new()
    {
        State = DeliveryState.Waiting,
        Delay = delay,
        Status = 500,
        Error = "e",
        Duration = TimeSpan.FromMilliseconds(1),
    };

    protected async Task<Webhook> AddAsync(string name = "ci") => (await Webhooks.AddWebhookAsync(New(name), Cancellation))!;

    protected Task<IReadOnlyList<EndedWork>> EndedAsync() => Deliveries.ListEndedAsync(100, Cancellation);

    protected Task<IReadOnlyList<ClaimedDelivery>> TakeAsync(int limit = 5, params string[] busy) =>
        Deliveries.TakeDeliveriesAsync(Me, Lease, limit, busy, true, Cancellation);

    protected Task<IReadOnlyList<Delivery>> PageAsync(Webhook webhook, DeliveryState? state = null) =>
        Deliveries.ListDeliveriesAsync(webhook.Key, state, long.MaxValue, 100, Cancellation);

    protected Task<FileBatch> NewBatchAsync() => Store.FileBatches.AddBatchAsync(
        new NewFileBatch(Guid.NewGuid(), "laptop", null, Guid.NewGuid(), "{}"), Cancellation);

    protected async Task<FileBatch> RefuseBatchAsync()
    {
        var batch = await NewBatchAsync();
        Assert.NotNull(await Store.FileBatches.TakeBatchAsync(Me, Lease, Cancellation));
        Assert.True(await Store.FileBatches.SettleBatchAsync(
            batch with { State = FileBatchState.Refused, Errors = "{}" }, FileBatchState.Checking, Me, Cancellation));
        return batch;
    }
}
