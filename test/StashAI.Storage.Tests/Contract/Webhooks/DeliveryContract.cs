using StashAI.Queue.Model.Webhooks;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract.Webhooks;

/// <summary>Deliveries are made of ends once, and each is sent until it is taken or given up.</summary>
public abstract class DeliveryContract(IStoreHost host) : WebhookStoreContract(host)
{
    [Fact]
    public async Task Of_two_processes_one_makes_the_deliveries_and_a_crash_before_leaves_the_note()
    {
        var webhook = await AddAsync();
        await EnqueueAsync(1);
        await ApplyAsync(Done(await ClaimOneAsync()));
        var other = await OpenAnotherAsync();
        // This one dies before it makes them.
        var ended = Assert.Single(await EndedAsync());
        Assert.Equal(ended, Assert.Single(await other.Deliveries.ListEndedAsync(10, Cancellation)));

        Assert.True(await other.Deliveries.FanOutAsync(ended.Key, [Of(webhook), Of(webhook)], Period, Cancellation));
        Assert.False(await Deliveries.FanOutAsync(ended.Key, [Of(webhook)], Period, Cancellation));

        Assert.Empty(await EndedAsync());
        Assert.Equal(2, (await PageAsync(webhook)).Count);
    }

    [Fact]
    public async Task Many_processes_make_each_delivery_once()
    {
        var webhook = await AddAsync();
        for (var i = 0; i < 20; i++) await EnqueueAsync(1, TestJobs.Job with { Webhook = "https://a/" });
        foreach (var task in await ClaimAsync(20)) await ApplyAsync(Done(task));
        var stores = new[] { Store, await OpenAnotherAsync(), await OpenAnotherAsync() };

        var made = await Task.WhenAll(stores.Select(store => Task.Run(
            async () =>
            {
                var count = 0;
                foreach (var ended in await store.Deliveries.ListEndedAsync(100, Cancellation))
                {
                    if (await store.Deliveries.FanOutAsync(ended.Key, [Of(webhook)], Period, Cancellation)) count++;
                }

                return count;
            },
            Cancellation)));
        var taken = await Task.WhenAll(stores.Select(store => Task.Run(
            async () =>
            {
                var keys = new List<long>();
                while (await store.Deliveries.TakeDeliveriesAsync(Guid.NewGuid(), Lease, 3, [], true, Cancellation) is { Count: > 0 } some)
                    keys.AddRange(some.Select(one => one.Delivery.Key));
                return keys;
            },
            Cancellation)));

        Assert.Equal(20, made.Sum());
        var all = taken.SelectMany(keys => keys).ToList();
        Assert.Equal((20, 20), (all.Count, all.Distinct().Count()));
    }

    [Fact]
    public async Task A_delivery_keeps_what_it_was_made_with_and_comes_with_its_webhook()
    {
        var webhook = await AddAsync();
        var asked = Of(webhook) with { JobId = Guid.NewGuid(), Url = "https://x/", Owner = "o" };
        var made = await Deliveries.AddDeliveryAsync(asked, Period, Cancellation);

        Assert.Equal(
            new Delivery
            {
                Key = made.Key,
                Content = asked,
                State = DeliveryState.Waiting,
                Attempts = 0,
                DueAt = Clock.GetUtcNow(),
                GiveUpAt = Clock.GetUtcNow() + Period,
                CreatedAt = Clock.GetUtcNow(),
            },
            made);
        var claimed = Assert.Single(await TakeAsync());
        Assert.Equal(
            made with { Attempts = 1, AttemptedAt = Clock.GetUtcNow(), DueAt = Clock.GetUtcNow() + Lease }, claimed.Delivery);
        Assert.Equivalent(webhook, claimed.Webhook, strict: true);
    }

    [Fact]
    public async Task A_delivery_of_a_process_that_died_is_taken_by_another_with_the_same_event()
    {
        var webhook = await AddAsync();
        var made = await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);
        await TakeAsync();
        var other = (await OpenAnotherAsync()).Deliveries;
        Assert.Empty(await other.TakeDeliveriesAsync(Guid.NewGuid(), Lease, 5, [], true, Cancellation));
        Clock.Advance(Lease);

        var again = Assert.Single(await other.TakeDeliveriesAsync(Guid.NewGuid(), Lease, 5, [], true, Cancellation));

        Assert.Equal((made.Content.EventId, 2), (again.Delivery.Content.EventId, again.Delivery.Attempts));
        Assert.False(await Deliveries.SettleDeliveryAsync(made.Key, Me, Taken(200), Cancellation));
    }

    [Fact]
    public async Task Busy_lanes_are_left_and_the_longest_due_come_first()
    {
        var (first, second) = (await AddAsync("a"), await AddAsync("b"));
        for (var i = 0; i < 3; i++) await Deliveries.AddDeliveryAsync(Of(first), Period, Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Deliveries.AddDeliveryAsync(Of(second), Period, Cancellation);

        Assert.Equal(second.Key, Assert.Single(await TakeAsync(2, Of(first).Lane)).Webhook!.Key);
        Assert.Empty(await TakeAsync(2, Of(first).Lane, Of(second).Lane));
        Assert.Equal([first.Key, first.Key], (await TakeAsync(2)).Select(one => one.Webhook!.Key));
    }

    [Fact]
    public async Task Addresses_of_jobs_are_left_when_they_have_their_part_of_the_calls()
    {
        var webhook = await AddAsync();
        var address = await Deliveries.AddDeliveryAsync(
            Of(webhook) with { WebhookKey = 0, Url = "https://x/", Lane = "x" }, Period, Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);

        var taken = await Deliveries.TakeDeliveriesAsync(Me, Lease, 5, [], false, Cancellation);

        Assert.Equal(webhook.Key, Assert.Single(taken).Webhook!.Key);
        Assert.Equal(address.Key, Assert.Single(await TakeAsync()).Delivery.Key);
    }

    [Fact]
    public async Task What_fails_waits_and_is_given_up_when_its_time_is_over()
    {
        var webhook = await AddAsync();
        await Deliveries.AddDeliveryAsync(Of(webhook), TimeSpan.FromMinutes(10), Cancellation);
        var key = Assert.Single(await TakeAsync()).Delivery.Key;
        var failed = new DeliveryOutcome
        {
            State = DeliveryState.Waiting,
            Delay = TimeSpan.FromMinutes(6),
            Status = 500,
            Error = "e",
            Answer = "a",
            Duration = TimeSpan.FromMilliseconds(40),
        };

        Assert.True(await Deliveries.SettleDeliveryAsync(key, Me, failed, Cancellation));

        var waiting = Assert.Single(await PageAsync(webhook, DeliveryState.Waiting));
        Assert.Equal(
            (1, 500, "e", "a", 40, Clock.GetUtcNow() + failed.Delay, null),
            (waiting.Attempts, waiting.Status, waiting.Error, waiting.Answer, waiting.DurationMs, waiting.DueAt, waiting.FinishedAt));
        Assert.Empty(await TakeAsync());
        await PassAsync(failed.Delay);
        Assert.Equal(2, Assert.Single(await TakeAsync()).Delivery.Attempts);
        Assert.True(await Deliveries.SettleDeliveryAsync(key, Me, failed, Cancellation));
        Assert.Equal(Clock.GetUtcNow(), Assert.Single(await PageAsync(webhook, DeliveryState.GivenUp)).FinishedAt);
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await TakeAsync());
    }

    [Fact]
    public async Task What_is_delivered_is_not_sent_again_until_a_person_asks()
    {
        var (webhook, other) = (await AddAsync("a"), await AddAsync("b"));
        var made = await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);
        await TakeAsync();
        Assert.True(await Deliveries.SettleDeliveryAsync(made.Key, Me, Taken(204), Cancellation));
        Assert.False(await Deliveries.SettleDeliveryAsync(made.Key, Me, Taken(204), Cancellation));
        Clock.Advance(Lease * 2);
        Assert.Empty(await TakeAsync());

        Assert.Null(await Deliveries.ReplayDeliveryAsync(other.Key, made.Content.Id, Period, Cancellation));
        var replayed = await Deliveries.ReplayDeliveryAsync(webhook.Key, made.Content.Id, Period, Cancellation);

        Assert.Equal(
            (DeliveryState.Waiting, 0, Clock.GetUtcNow() + Period, null),
            (replayed!.State, replayed.Attempts, replayed.GiveUpAt, replayed.FinishedAt));
        Assert.Equal(made.Content, Assert.Single(await TakeAsync()).Delivery.Content);
    }

    [Fact]
    public async Task A_delivery_of_a_webhook_that_is_gone_comes_without_it()
    {
        var webhook = await AddAsync();
        await Webhooks.RemoveWebhookAsync(webhook.Key, Cancellation);
        // By a process that had read it just before.
        await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);

        Assert.Null(Assert.Single(await TakeAsync()).Webhook);
    }

    [Fact]
    public async Task Old_deliveries_are_removed_when_they_are_over()
    {
        var webhook = await AddAsync();
        var over = await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);
        await TakeAsync();
        await Deliveries.SettleDeliveryAsync(over.Key, Me, Taken(200), Cancellation);
        var waiting = await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);
        var keep = TimeSpan.FromDays(2);
        await PassAsync(keep - TimeSpan.FromMinutes(5));
        Assert.Equal(0, await Deliveries.RemoveOldDeliveriesAsync(keep, 10, Cancellation));
        await PassAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(1, await Deliveries.RemoveOldDeliveriesAsync(keep, 10, Cancellation));

        Assert.Equal(waiting.Key, Assert.Single(await PageAsync(webhook)).Key);
    }

    [Fact]
    public async Task A_page_has_the_newest_first()
    {
        var (webhook, other) = (await AddAsync("a"), await AddAsync("b"));
        var made = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation)).Key);
            await Deliveries.AddDeliveryAsync(Of(other), Period, Cancellation);
        }

        var first = await Deliveries.ListDeliveriesAsync(webhook.Key, null, long.MaxValue, 3, Cancellation);
        var rest = await Deliveries.ListDeliveriesAsync(webhook.Key, null, first[^1].Key, 3, Cancellation);

        Assert.Equal(Enumerable.Reverse(made), first.Concat(rest).Select(one => one.Key));
        Assert.Empty(await Deliveries.ListDeliveriesAsync(0, null, long.MaxValue, 3, Cancellation));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(24 * 3650)]
    public async Task A_clock_that_is_set_back_leaves_no_delivery_for_years(int hours)
    {
        var webhook = await AddAsync();
        await Store.Maintain.ObserveClockAsync(Cancellation);
        var right = Clock.GetUtcNow();
        Clock.AdjustTime(right.AddHours(hours));
        await Store.Maintain.ObserveClockAsync(Cancellation);
        var ahead = await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);
        Assert.Single(await TakeAsync());
        await Deliveries.SettleDeliveryAsync(ahead.Key, Me, Failed(TimeSpan.FromSeconds(5)), Cancellation);
        Clock.AdjustTime(right.AddSeconds(10));
        await Store.Maintain.ObserveClockAsync(Cancellation);

        await Store.Maintain.EndImpossibleWaitsAsync(Limits, 10, Cancellation);

        // The longest pause between two calls is six hours and a fifth.
        Clock.Advance(TimeSpan.FromHours(7.2) + TimeSpan.FromSeconds(2));
        var taken = Assert.Single(await TakeAsync()).Delivery;
        Assert.InRange(taken.GiveUpAt, right + Period, right + Period + TimeSpan.FromMinutes(1));
        Assert.Equal(0, await Store.Maintain.EndImpossibleWaitsAsync(Limits, 10, Cancellation));
    }

    [Fact]
    public async Task A_step_of_the_clock_gives_nothing_up()
    {
        var webhook = await AddAsync();
        await Store.Maintain.ObserveClockAsync(Cancellation);
        var key = (await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation)).Key;
        await TakeAsync();
        var right = Clock.GetUtcNow();
        Clock.AdjustTime(right.AddYears(1));

        await Deliveries.SettleDeliveryAsync(key, Me, Failed(TimeSpan.FromSeconds(5)), Cancellation);

        Assert.Single(await PageAsync(webhook, DeliveryState.Waiting));
        Clock.AdjustTime(right);
        await Store.Maintain.ObserveClockAsync(Cancellation);
        await Store.Maintain.EndImpossibleWaitsAsync(Limits, 10, Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Single(await TakeAsync());
    }

    [Fact]
    public async Task What_ends_each_process_that_sends_it_is_given_up()
    {
        var webhook = await AddAsync();
        var key = (await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation)).Key;
        var other = await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Contains(await TakeAsync(), taken => taken.Delivery.Key == key && taken.Delivery.Attempts == attempt);
            if (attempt < 3) await Deliveries.SettleDeliveryAsync(other.Key, Me, Failed(TimeSpan.Zero), Cancellation);
            Clock.Advance(Lease);
        }

        Assert.Equal(other.Key, Assert.Single(await TakeAsync()).Delivery.Key);
        var given = Assert.Single(await PageAsync(webhook, DeliveryState.GivenUp));
        Assert.Equal((key, 3, Clock.GetUtcNow()), (given.Key, given.Attempts, given.FinishedAt));
        Assert.Contains("ended", given.Error, StringComparison.Ordinal);
        await Deliveries.ReplayDeliveryAsync(webhook.Key, given.Content.Id, Period, Cancellation);
        Assert.Equal(1, Assert.Single(await TakeAsync()).Delivery.Attempts);
    }
}
