using StashAI.Queue.Model.Webhooks;

namespace StashAI.Storage.Tests.Contract.Webhooks;

/// <summary>Webhooks as they are stored.</summary>
public abstract class WebhookContract(IStoreHost host) : WebhookStoreContract(host)
{
    [Fact]
    public async Task A_webhook_is_kept_found_changed_and_removed()
    {
        var asked = New("ci") with { Description = "d", Events = ["job.completed", "batch.failed"] };
        var made = (await Webhooks.AddWebhookAsync(asked, Cancellation))!;
        Assert.Null(await Webhooks.AddWebhookAsync(New("ci"), Cancellation));
        var other = (await Webhooks.AddWebhookAsync(New("other"), Cancellation))!;

        var found = await (await OpenAnotherAsync()).Webhooks.FindWebhookAsync(asked.Id, Cancellation);
        Assert.Equivalent(asked with { Key = made.Key, CreatedAt = Clock.GetUtcNow(), UpdatedAt = Clock.GetUtcNow() }, found, strict: true);
        Assert.Equal(made.Id, (await Webhooks.FindWebhookAsync("ci", Cancellation))!.Id);
        Assert.Null(await Webhooks.FindWebhookAsync("CI", Cancellation));
        Assert.Equal(["other", "ci"], (await Webhooks.ListWebhooksAsync(long.MaxValue, 10, Cancellation)).Select(one => one.Name));
        Assert.Equal(["ci"], (await Webhooks.ListWebhooksAsync(other.Key, 10, Cancellation)).Select(one => one.Name));

        var changed = made with
        {
            Name = "cd",
            Url = "https://b/",
            Description = null,
            Events = [],
            Secret = [9],
            OldSecret = made.Secret,
            OldSecretUntil = Clock.GetUtcNow().AddDays(1),
            IsEnabled = false,
            DisabledReason = "r",
        };
        Assert.Equal(WebhookSave.NameTaken, await Webhooks.SaveWebhookAsync(changed with { Name = "other" }, Cancellation));
        Assert.Equal(WebhookSave.Saved, await Webhooks.SaveWebhookAsync(changed, Cancellation));
        Assert.Equal(WebhookSave.Outdated, await Webhooks.SaveWebhookAsync(changed, Cancellation));
        Assert.Equivalent(changed with { Version = 2 }, await Webhooks.FindWebhookAsync(made.Id, Cancellation), strict: true);

        Assert.True(await Webhooks.RemoveWebhookAsync(made.Key, Cancellation));
        Assert.False(await Webhooks.RemoveWebhookAsync(made.Key, Cancellation));
        Assert.Null(await Webhooks.FindWebhookAsync(made.Id, Cancellation));
    }

    [Fact]
    public async Task A_webhook_is_disabled_once_with_a_reason()
    {
        var made = await AddAsync();

        Assert.True(await Webhooks.DisableWebhookAsync(made, "410", Cancellation));
        Assert.False(await Webhooks.DisableWebhookAsync(made, "again", Cancellation));

        var found = (await Webhooks.FindWebhookAsync(made.Id, Cancellation))!;
        Assert.Equal((false, "410", 2), (found.IsEnabled, found.DisabledReason, found.Version));
        Assert.False(await Webhooks.DisableWebhookAsync(found, "again", Cancellation));
    }

    [Fact]
    public async Task A_webhook_that_was_changed_since_it_was_called_is_not_disabled()
    {
        var called = await AddAsync();
        await Webhooks.SaveWebhookAsync(called with { Url = "https://b/" }, Cancellation);

        Assert.False(await Webhooks.DisableWebhookAsync(called, "410", Cancellation));

        Assert.True((await Webhooks.FindWebhookAsync(called.Id, Cancellation))!.IsEnabled);
    }

    [Fact]
    public async Task A_webhook_goes_with_its_log()
    {
        var (webhook, other) = (await AddAsync("a"), await AddAsync("b"));
        // More than one step removes.
        for (var i = 0; i < 1001; i++) await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);
        var sent = Assert.Single(await TakeAsync(1));
        var kept = await Deliveries.AddDeliveryAsync(Of(other), Period, Cancellation);

        Assert.True(await Webhooks.RemoveWebhookAsync(webhook.Key, Cancellation));

        Assert.Empty(await PageAsync(webhook));
        Assert.False(await Deliveries.SettleDeliveryAsync(sent.Delivery.Key, Me, Taken(200), Cancellation));
        Assert.Equal(kept, Assert.Single(await PageAsync(other)));
    }

    [Fact]
    public async Task Each_database_has_a_key_of_its_own_for_secrets()
    {
        Assert.Equal(32, (await Store.SigningKeys.ReadSigningKeyAsync("webhooks", Cancellation)).Length);
    }
}
