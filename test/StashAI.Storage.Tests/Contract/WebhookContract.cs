using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Webhooks: the end of work is noted with it, and each delivery is sent until it is taken or given up.</summary>
public abstract class WebhookContract(IStoreHost host) : StoreContract(host)
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(3);

    private static readonly Guid Me = Guid.NewGuid();

    private IWebhooks Webhooks => Store.Webhooks;

    private IDeliveries Deliveries => Store.Deliveries;

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

        await Webhooks.DisableWebhookAsync(made.Key, "410", Cancellation);
        await Webhooks.DisableWebhookAsync(made.Key, "again", Cancellation);

        var found = (await Webhooks.FindWebhookAsync(made.Id, Cancellation))!;
        Assert.Equal((false, "410", 2), (found.IsEnabled, found.DisabledReason, found.Version));
    }

    [Fact]
    public async Task Without_a_webhook_nothing_is_noted()
    {
        await Webhooks.AddWebhookAsync(New("off") with { IsEnabled = false }, Cancellation);
        await EnqueueAsync(1);
        await ApplyAsync(Done(await ClaimOneAsync()));
        await RefuseBatchAsync();

        Assert.Empty(await EndedAsync());
    }

    [Theory]
    [InlineData(TaskEvent.Succeed, TaskEvent.Succeed, JobState.Completed, 2, 0, 0)]
    [InlineData(TaskEvent.Succeed, TaskEvent.Fail, JobState.Partial, 1, 1, 0)]
    [InlineData(TaskEvent.Fail, TaskEvent.Fail, JobState.Failed, 0, 2, 0)]
    public async Task The_end_of_a_job_is_noted_with_its_counts(
        TaskEvent first, TaskEvent second, JobState state, int completed, int failed, int cancelled)
    {
        await AddAsync();
        var deadline = Clock.GetUtcNow().AddHours(2);
        var job = await EnqueueAsync(2, TestJobs.Job with { Owner = "laptop", Deadline = deadline });
        var tasks = await ClaimAsync(2);
        await ApplyAsync(Ended(tasks[0], first));
        Assert.Empty(await EndedAsync());
        Clock.Advance(TimeSpan.FromSeconds(5));

        await ApplyAsync(Ended(tasks[1], second));

        var ended = Assert.Single(await EndedAsync());
        Assert.Equal(
            new EndedWork
            {
                Key = ended.Key,
                JobId = job.JobId,
                State = state,
                Service = TestJobs.Service,
                Total = 2,
                Completed = completed,
                Failed = failed,
                Cancelled = cancelled,
                Owner = "laptop",
                Deadline = deadline,
                EndedAt = Clock.GetUtcNow(),
            },
            ended);
    }

    [Fact]
    public async Task Cancels_rescues_deadlines_and_repeated_ends_are_noted()
    {
        await AddAsync();
        var waiting = await EnqueueAsync(3);
        await Store.Control.CancelJobAsync(waiting.Key, Cancellation);
        var large = await EnqueueAsync(6000);
        await Store.Control.CancelJobAsync(large.Key, Cancellation);
        while (!(await Store.Maintain.FinishCancelsAsync(10, Cancellation)).IsEmpty)
        {
        }

        var retried = await EnqueueAsync(1);
        await ApplyAsync(Ended(await ClaimOneAsync(), TaskEvent.Fail));
        await Store.Control.RetryTaskAsync(TaskKey.From(retried.Key, 0), Cancellation);
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.Equal(
            [
                (waiting.JobId, JobState.Cancelled), (large.JobId, JobState.Cancelled), (retried.JobId, JobState.Failed),
                (retried.JobId, JobState.Completed),
            ],
            (await EndedAsync()).Select(one => (one.JobId!.Value, one.State)));
    }

    [Fact]
    public async Task A_single_task_is_noted_only_if_it_names_somebody()
    {
        await AddAsync();
        await EnqueueAsync(1, TestJobs.Job with { IsSingleTask = true });
        await ApplyAsync(Done(await ClaimOneAsync()));
        Assert.Empty(await EndedAsync());

        await EnqueueAsync(1, TestJobs.Job with { IsSingleTask = true, Webhook = "https://a/" });
        await ApplyAsync(Done(await ClaimOneAsync()));

        var ended = Assert.Single(await EndedAsync());
        Assert.Equal((true, "https://a/"), (ended.IsSingleTask, ended.Webhook));
    }

    [Fact]
    public async Task An_address_of_a_job_needs_no_webhook()
    {
        await EnqueueAsync(1, TestJobs.Job with { Webhook = "https://a/" });
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.Equal("https://a/", Assert.Single(await EndedAsync()).Webhook);
    }

    [Fact]
    public async Task What_was_not_committed_is_not_noted()
    {
        await AddAsync();
        await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        using (Host.BreakResult(task.Key))
        {
            await Assert.ThrowsAnyAsync<Exception>(() => Store.Work.ApplyAsync(Node, [Done(task)], Cancellation));
        }

        Assert.Empty(await EndedAsync());
        await ApplyAsync(Done(task));
        Assert.Single(await EndedAsync());
    }

    [Fact]
    public async Task A_batch_is_named_by_its_job_before_and_after_it_names_the_job()
    {
        await AddAsync();
        var early = await NewBatchAsync();
        await EnqueueAsync(1, TestJobs.Job with { IdempotencyKey = FileBatch.JobKeyOf(early.Id) });
        await ApplyAsync(Done(await ClaimOneAsync()));
        var late = await NewBatchAsync();
        Clock.Advance(Lease * 2);
        var job = await EnqueueAsync(1, TestJobs.Job with { IdempotencyKey = "other" });
        while (await Store.FileBatches.TakeBatchAsync(Me, Lease, Cancellation) is not null)
        {
        }

        await Store.FileBatches.SettleBatchAsync(
            late with { State = FileBatchState.Submitted, JobKey = job.Key }, FileBatchState.Checking, Me, Cancellation);
        RegisterAgain();
        await ApplyAsync(Done(await ClaimOneAsync()));

        Assert.Equal([early.Id, late.Id], (await EndedAsync()).Select(one => one.BatchId!.Value));
        Assert.All(await EndedAsync(), one => Assert.NotNull(one.JobId));
    }

    [Fact]
    public async Task A_batch_that_ends_without_a_job_is_noted()
    {
        await AddAsync();
        var refused = await RefuseBatchAsync();
        var cancelled = await NewBatchAsync();
        await Store.FileBatches.CancelBatchAsync(cancelled.Id, Cancellation);
        Assert.NotNull(await Store.FileBatches.TakeBatchAsync(Me, Lease, Cancellation));
        await Store.FileBatches.SettleBatchAsync(
            cancelled with { State = FileBatchState.Cancelled }, FileBatchState.Cancelling, Me, Cancellation);

        Assert.Equal(
            [(null, refused.Id, JobState.Failed), (null, cancelled.Id, JobState.Cancelled)],
            (await EndedAsync()).Select(one => ((Guid?)one.JobId, one.BatchId!.Value, one.State)));
    }

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
                while (await store.Deliveries.TakeDeliveriesAsync(Guid.NewGuid(), Lease, 3, [], Cancellation) is { Count: > 0 } some)
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
        Assert.Empty(await other.TakeDeliveriesAsync(Guid.NewGuid(), Lease, 5, [], Cancellation));
        Clock.Advance(Lease);

        var again = Assert.Single(await other.TakeDeliveriesAsync(Guid.NewGuid(), Lease, 5, [], Cancellation));

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
        Clock.Advance(failed.Delay);
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
        await Deliveries.AddDeliveryAsync(Of(webhook), Period, Cancellation);
        await Webhooks.RemoveWebhookAsync(webhook.Key, Cancellation);

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

    [Fact]
    public async Task Each_database_has_a_key_of_its_own_for_secrets()
    {
        Assert.Equal(32, (await Store.SigningKeys.ReadSigningKeyAsync("webhooks", Cancellation)).Length);
    }

    private static Webhook New(string name) => new()
    {
        Id = Guid.NewGuid(),
        Name = name,
        Url = "https://a/",
        Events = ["job.completed"],
        Secret = [1, 2, 3],
    };

    private static NewDelivery Of(Webhook webhook) => new()
    {
        Id = Guid.NewGuid(),
        WebhookKey = webhook.Key,
        Lane = $"{webhook.Key}",
        EventId = Guid.NewGuid(),
        Type = "job.completed",
        Data = """{"id":"x"}""",
        HappenedAt = new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    private static DeliveryOutcome Taken(int status) => new()
    {
        State = DeliveryState.Delivered,
        Status = status,
        Duration = TimeSpan.FromMilliseconds(1),
    };

    private async Task<Webhook> AddAsync(string name = "ci") => (await Webhooks.AddWebhookAsync(New(name), Cancellation))!;

    private Task<IReadOnlyList<EndedWork>> EndedAsync() => Deliveries.ListEndedAsync(100, Cancellation);

    private Task<IReadOnlyList<ClaimedDelivery>> TakeAsync(int limit = 5, params string[] busy) =>
        Deliveries.TakeDeliveriesAsync(Me, Lease, limit, busy, Cancellation);

    private Task<IReadOnlyList<Delivery>> PageAsync(Webhook webhook, DeliveryState? state = null) =>
        Deliveries.ListDeliveriesAsync(webhook.Key, state, long.MaxValue, 100, Cancellation);

    private Task<FileBatch> NewBatchAsync() => Store.FileBatches.AddBatchAsync(
        new NewFileBatch(Guid.NewGuid(), "laptop", null, Guid.NewGuid(), "{}"), Cancellation);

    private async Task<FileBatch> RefuseBatchAsync()
    {
        var batch = await NewBatchAsync();
        Assert.NotNull(await Store.FileBatches.TakeBatchAsync(Me, Lease, Cancellation));
        Assert.True(await Store.FileBatches.SettleBatchAsync(
            batch with { State = FileBatchState.Refused, Errors = "{}" }, FileBatchState.Checking, Me, Cancellation));
        return batch;
    }
}
