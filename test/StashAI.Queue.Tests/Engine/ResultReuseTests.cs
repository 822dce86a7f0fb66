using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using CsCheck;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Equal items are called once, over all jobs and processes, whatever happens to the one that is called.</summary>
public abstract class ResultReuseTests(PostgresFixture? postgres) : IAsyncLifetime
{
    private static readonly AdapterOperation Echo = new("echo", "echo", "echo_batch") { ResultVersion = "1" };

    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync(postgres);

    public ValueTask DisposeAsync() => house.DisposeAsync();

    public sealed class OnSqlite() : ResultReuseTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : ResultReuseTests(postgres);

    [Fact]
    public async Task The_same_item_is_called_once_in_a_job_and_never_again()
    {
        house.Service.Script = Numbered;
        using var engine = await StartAsync();

        var first = await SubmitAsync(engine, ResultCache.Use, [1, 2, 1, 1, 3, 2, 1]);
        var view = await EngineHouse.WaitForEndAsync(engine, first);
        Assert.Equal((JobState.Completed, 7, 4), (view.State, view.Counters.Completed, view.Counters.Cached));
        Assert.Equal(3, house.Service.Ledger.Count);
        var again = await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Use, [3, 2, 1]));
        Assert.Equal((JobState.Completed, 3, 3), (again.State, again.Counters.Completed, again.Counters.Cached));
        Assert.Equal(TimeSpan.Zero, again.ProcessingTime);
        Assert.Equal(3, house.Service.Ledger.Count);

        var outputs = await OutputsAsync(engine, first);
        Assert.Equal(3, outputs.Distinct().Count());
        Assert.Equal([outputs[4], outputs[1], outputs[0]], await OutputsAsync(engine, await LastAsync(engine)));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Off_calls_always_and_refresh_calls_and_replaces()
    {
        house.Service.Script = Numbered;
        using var engine = await StartAsync();
        await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Use, [1]));

        var off = await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Off, [1, 1]));
        Assert.Equal((0, 3L), (off.Counters.Cached, house.Service.Ledger.Count));
        // What a job without the cache computes is not remembered.
        var use = await SubmitAsync(engine, ResultCache.Use, [1]);
        await EngineHouse.WaitForEndAsync(engine, use);
        Assert.Contains("\"call\":1}", Assert.Single(await OutputsAsync(engine, use)));

        var refresh = await SubmitAsync(engine, ResultCache.Refresh, [1, 1, 1]);
        Assert.Equal(2, (await EngineHouse.WaitForEndAsync(engine, refresh)).Counters.Cached);
        Assert.Equal(4, house.Service.Ledger.Count);
        var after = await SubmitAsync(engine, ResultCache.Use, [1]);
        await EngineHouse.WaitForEndAsync(engine, after);
        Assert.Contains("\"call\":4}", Assert.Single(await OutputsAsync(engine, after)));
        Assert.Equal(4, house.Service.Ledger.Count);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Waiting_tasks_leave_their_slots_to_other_items()
    {
        using var gate = new Gate();
        house.Service.Script = call => Reply.Hold(gate, Numbered(call));
        using var engine = await StartAsync();
        // Four workers: with the copies of the first item in them, the others could not be called.
        var job = await SubmitAsync(engine, ResultCache.Use, [1, 1, 1, 1, 1, 1, 2, 3, 4]);

        await house.Service.Ledger.WaitForCallsInFlightAsync(4, Cancellation);
        gate.Open();

        var view = await EngineHouse.WaitForEndAsync(engine, job);
        Assert.Equal((9, 5), (view.Counters.Completed, view.Counters.Cached));
        Assert.Equal(4, house.Service.Ledger.Count);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Waiting_tasks_ask_again_by_themselves_only_after_minutes()
    {
        using var gate = new Gate();
        house.Service.Script = call => Reply.Hold(gate, Numbered(call));
        using var engine = await StartAsync();
        var job = await SubmitAsync(engine, ResultCache.Use, [1, 1, 1, 1, 1, 1]);
        await EngineHouse.WaitForAsync(engine, job, view => view.Counters.Scheduled == 5);

        var tasks = await engine.Read.ListTasksAsync(job.Key, 0, 6, false, Cancellation);
        gate.Open();

        var soonest = TimeProvider.System.GetUtcNow() + (WaitLimits.Result / 2) - TimeSpan.FromMinutes(1);
        Assert.All(tasks.Where(task => task.State == TaskState.Scheduled), task => Assert.True(task.DueAt > soonest, $"{task.DueAt}"));
        Assert.Equal(5, (await EngineHouse.WaitForEndAsync(engine, job)).Counters.Cached);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Two_processes_call_an_item_once()
    {
        using var gate = new Gate();
        house.Service.Script = call => Reply.Hold(gate, Numbered(call));
        using var one = await StartAsync();
        using var two = await StartAsync();
        var jobs = new List<EnqueuedJob>();
        for (var i = 0; i < 4; i++) jobs.Add(await SubmitAsync(i % 2 == 0 ? one : two, ResultCache.Use, [1, 2, 1, 2, 1, 2]));
        await house.Service.Ledger.WaitForCallsInFlightAsync(2, Cancellation);
        gate.Open();

        foreach (var job in jobs) Assert.Equal(JobState.Completed, (await WaitForEndAsync(job, one, two)).State);

        Assert.Equal(2, house.Service.Ledger.Count);
        await one.StopAsync(Cancellation);
        await two.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_failure_is_no_result_and_each_task_has_its_own()
    {
        house.Service.Script = call => call.JsonField("n") == "1" ? Reply.Status(422, "no") : Numbered(call);
        using var engine = await StartAsync();

        var view = await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Use, [1, 1, 1, 2, 2]));

        Assert.Equal((JobState.Partial, 2, 1, 3), (view.State, view.Counters.Completed, view.Counters.Cached, view.Counters.Failed));
        Assert.Equal(4, house.Service.Ledger.Count);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task When_the_first_fails_for_now_another_computes_for_all()
    {
        house.Service.Script = call => call.Number == 1 ? Reply.Status(500, "no") : Numbered(call);
        using var engine = await StartAsync();

        var view = await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Use, [1, 1, 1, 1]));

        Assert.Equal((JobState.Completed, 4, 3), (view.State, view.Counters.Completed, view.Counters.Cached));
        Assert.Equal(2, house.Service.Ledger.Count);
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_cancel_of_the_job_that_computes_leaves_the_item_to_another()
    {
        using var gate = new Gate();
        house.Service.Script = call => call.Number == 1 ? Reply.Hang() : Reply.Hold(gate, Numbered(call));
        using var engine = await StartAsync();
        var first = await SubmitAsync(engine, ResultCache.Use, [1, 1]);
        await house.Service.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        var second = await SubmitAsync(engine, ResultCache.Use, [1, 1, 1]);
        await EngineHouse.WaitForAsync(engine, second, view => view.Counters.Scheduled == 3);

        await engine.CancelJobAsync(first.Key, Cancellation);
        gate.Open();

        Assert.Equal(JobState.Cancelled, (await EngineHouse.WaitForEndAsync(engine, first)).State);
        var view = await EngineHouse.WaitForEndAsync(engine, second);
        Assert.Equal((JobState.Completed, 2, 2L), (view.State, view.Counters.Cached, house.Service.Ledger.Count));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_process_that_stops_leaves_the_item_to_another()
    {
        using var gate = new Gate();
        house.Service.Script = call => call.Number == 1 ? Reply.Hang() : Reply.Hold(gate, Numbered(call));
        using var one = await StartAsync(stopsAtOnce: true);
        var job = await SubmitAsync(one, ResultCache.Use, [1, 1, 1]);
        await house.Service.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        await one.StopAsync(Cancellation);
        using var two = await StartAsync();
        gate.Open();

        var view = await EngineHouse.WaitForEndAsync(two, job);

        Assert.Equal((JobState.Completed, 3, 2), (view.State, view.Counters.Completed, view.Counters.Cached));
        Assert.Equal(2, house.Service.Ledger.Count);
        await two.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Large_items_and_files_are_told_apart_by_their_bytes()
    {
        house.Service.Script = Numbered;
        using var engine = await StartAsync();
        await using var upload = engine.OpenUpload();
        upload.KeepLargeInputsApart();
        (int Size, string Photo)[] items =
            [(100_000, "a"), (100_000, "a"), (100_001, "a"), (100_000, "b"), (10, "a"), (10, "a"), (10, "b")];
        foreach (var (size, photo) in items)
        {
            upload.BeginTask();
            upload.BeginPayload("image", null);
            await upload.WriteAsync(Encoding.UTF8.GetBytes(photo), Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync(Encoding.UTF8.GetBytes($$"""{"n":"{{new string('x', size)}}"}"""), Cancellation);
        }

        var job = await engine.CommitAsync(upload, house.Job with { Cache = ResultCache.Use }, Cancellation);

        var view = await EngineHouse.WaitForEndAsync(engine, job);
        Assert.Equal((7, 2, 5L), (view.Counters.Completed, view.Counters.Cached, house.Service.Ledger.Count));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task In_a_packed_call_each_item_is_once_and_those_that_are_known_are_left_out()
    {
        var adapter = new PackingAdapter();
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 2 }, adapter: adapter);

        await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Use, [1, 1, 2, 3]));
        var view = await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Use, [3, 4, 4, 1, 5, 2, 1, 5, 6]));

        Assert.Equal((JobState.Completed, 9, 6), (view.State, view.Counters.Completed, view.Counters.Cached));
        Assert.Equal([1, 2, 3, 4, 5, 6], adapter.Items.Order());
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Packs_whose_results_are_all_known_leave_the_rate_to_others()
    {
        // Three calls in an hour.
        var adapter = new PackingAdapter(new RateLimit(0.001, 3));
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 2 }, adapter: adapter);
        await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Use, [1, 2, 3, 4]));

        for (var i = 0; i < 4; i++)
        {
            var view = await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Use, [1, 2, 3, 4]));
            Assert.Equal(4, view.Counters.Cached);
        }

        await EngineHouse.WaitForEndAsync(engine, await SubmitAsync(engine, ResultCache.Use, [1, 5, 6, 2]));
        Assert.Equal([1, 2, 3, 4, 5, 6], adapter.Items.Order());
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Jobs_with_another_configuration_or_version_of_the_service_call_again()
    {
        house.Service.Script = Numbered;
        using (var engine = await StartAsync())
        {
            foreach (var config in (string[])["{}", """{"model":"a"}""", """{"model":"b"}""", """{ "model" : "a" }"""])
            {
                await EngineHouse.WaitForEndAsync(
                    engine, await SubmitAsync(engine, ResultCache.Use, [1], house.Job with { Config = Encoding.UTF8.GetBytes(config) }));
            }

            Assert.Equal(3, house.Service.Ledger.Count);
            await engine.StopAsync(Cancellation);
        }

        using var next = await StartAsync(operation: Echo with { ResultVersion = "2" });
        await EngineHouse.WaitForEndAsync(next, await SubmitAsync(next, ResultCache.Use, [1]));
        Assert.Equal(4, house.Service.Ledger.Count);
        await next.StopAsync(Cancellation);
    }

    [Fact]
    public Task Whatever_happens_no_item_is_called_more_often_than_it_must_be() => Gen.Select(
            Gen.Select(Gen.Enum<ResultCache>(), Gen.Int[0, 5].List[1, 12], Gen.Bool).List[1, 5], Gen.Bool)
        .SampleAsync(
            async (jobs, stops) =>
            {
                await using var inner = await EngineHouse.OpenAsync(postgres);
                await RunAsync(inner, jobs, stops);
            },
            iter: 6, threads: 1);

    /// <summary>
    /// Items 0 to 2 succeed, 3 fails once, 4 always, and the first call of 5 hangs until its time is over, its process stops, or its job is
    /// cancelled.
    /// </summary>
    private static async Task RunAsync(EngineHouse house, List<(ResultCache Cache, List<int> Items, bool IsCancelled)> jobs, bool stops)
    {
        house.Service.Script = call => (call.JsonField("n"), ItemTry(house, call)) switch
        {
            ("3", 1) => Reply.Status(500, "no"),
            ("4", _) => Reply.Status(422, "no"),
            ("5", 1) => Reply.Hang(),
            _ => Numbered(call),
        };
        // The call that hangs ends with the process or the cancel.
        var adapter = new JsonPostAdapter
        {
            Manifest = TestJobs.Manifest with { Operations = [Echo], AttemptTimeout = TimeSpan.FromSeconds(2) },
        };
        using var one = await house.StartAsync(
            await house.OpenStoreAsync(),
            EngineHouse.Options with { DrainTimeout = TimeSpan.Zero, AbortTimeout = TimeSpan.FromSeconds(5) }, adapter: adapter);
        using var two = await house.StartAsync(await house.OpenStoreAsync(), adapter: adapter);
        var submitted = new List<(EnqueuedJob Job, long CallsBefore)>();
        foreach (var (cache, items, isCancelled) in jobs)
        {
            var before = house.Service.Ledger.Count;
            submitted.Add((await SubmitAsync(house, two, cache, items), before));
            if (isCancelled) await two.CancelJobAsync(submitted[^1].Job.Key, Cancellation);
        }

        if (stops) await one.StopAsync(Cancellation);
        var views = new List<JobView>();
        foreach (var (job, _) in submitted) views.Add(await WaitForEndAsync(job, one, two));
        var calls = house.Service.Ledger.Calls.Where(call => call.Call is not null).ToList();
        for (var item = 0; item <= 5; item++)
        {
            var tasks = jobs.Select(job => (job.Cache, Count: job.Items.Count(one => one == item), job.IsCancelled)).ToList();
            var most = item == 4
                ? tasks.Sum(job => job.Count)
                : tasks.Where(job => job.Cache == ResultCache.Off).Sum(job => job.Count)
                    + tasks.Count(job => job.Cache == ResultCache.Refresh && job.Count > 0)
                    + (tasks.Any(job => job.Cache == ResultCache.Use && job.Count > 0) ? 1 : 0)
                    // A call that fails once, that hangs until its time is over, that a cancel ends, or a process that stops.
                    + (item is 3 or 5 ? 1 : 0);
            most += tasks.Count(job => job.IsCancelled && job.Count > 0) + (stops ? EngineHouse.Options.Workers : 0);
            Assert.InRange(calls.Count(call => call.Call!.JsonField("n") == $"{item}"), 0, most);
        }

        for (var i = 0; i < jobs.Count; i++)
        {
            var (job, before) = submitted[i];
            var tasks = await two.Read.ListTasksAsync(job.Key, 0, job.Total, true, Cancellation);
            Assert.Equal(views[i].Counters.Cached, tasks.Count(task => task.IsCached));
            if (!jobs[i].IsCancelled) Assert.Equal(jobs[i].Items.Count(item => item == 4), views[i].Counters.Failed);
            foreach (var task in tasks.Where(task => task.State == TaskState.Completed))
            {
                using var output = JsonDocument.Parse(task.Output);
                Assert.Equal(jobs[i].Items[task.Ordinal], output.RootElement.GetProperty("item").GetInt32());
                var number = output.RootElement.GetProperty("call").GetInt64();
                if (jobs[i].Cache != ResultCache.Use) Assert.True(number > before, $"call {number} is older than the job");
                if (jobs[i].Cache == ResultCache.Off) Assert.False(task.IsCached);
            }
        }

        if (!stops) await one.StopAsync(Cancellation);
        await two.StopAsync(Cancellation);
    }

    /// <summary>An engine hears of what it has recorded itself, so each of them may be the one that hears of the end.</summary>
    private static async Task<JobView> WaitForEndAsync(EnqueuedJob job, params QueueEngine[] engines) =>
        await await Task.WhenAny(engines.Select(engine => EngineHouse.WaitForEndAsync(engine, job, TimeSpan.FromSeconds(50))));

    /// <summary>Which call it is about this item, over all tasks.</summary>
    private static int ItemTry(EngineHouse house, ScriptedCall call) =>
        1 + house.Service.Ledger.Calls.Count(other => other.Number < call.Number && other.Call?.JsonField("n") == call.JsonField("n"));

    private static Reply Numbered(ScriptedCall call)
    {
        var item = call.JsonField("n") is { Length: < 10 } text && int.TryParse(text, out var number) ? number : 0;
        return Reply.Json($$"""{"item":{{item}},"call":{{call.Number}}}""");
    }

    private async Task<QueueEngine> StartAsync(bool stopsAtOnce = false, AdapterOperation? operation = null) => await house.StartAsync(
        await house.OpenStoreAsync(),
        stopsAtOnce ? EngineHouse.Options with { DrainTimeout = TimeSpan.Zero } : null,
        adapter: new JsonPostAdapter { Manifest = TestJobs.Manifest with { Operations = [operation ?? Echo] } });

    private Task<EnqueuedJob> SubmitAsync(QueueEngine engine, ResultCache cache, IReadOnlyList<int> items, NewJob? job = null) =>
        SubmitAsync(house, engine, cache, items, job);

    private static async Task<EnqueuedJob> SubmitAsync(
        EngineHouse house, QueueEngine engine, ResultCache cache, IReadOnlyList<int> items, NewJob? job = null)
    {
        await using var upload = engine.OpenUpload();
        foreach (var item in items)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(TestJobs.Input(item), Cancellation);
        }

        return await engine.CommitAsync(upload, (job ?? house.Job) with { Cache = cache }, Cancellation);
    }

    private static async Task<IReadOnlyList<string>> OutputsAsync(QueueEngine engine, EnqueuedJob job) =>
    [
        .. (await engine.Read.ListTasksAsync(job.Key, 0, job.Total, true, Cancellation))
            .Select(task => Encoding.UTF8.GetString(task.Output.Span)),
    ];

    private static async Task<EnqueuedJob> LastAsync(QueueEngine engine)
    {
        var page = await engine.Read.ListJobsAsync(new JobFilter([], null, 1, 0), Cancellation);
        return new EnqueuedJob(page.Jobs[0].Key, page.Jobs[0].JobId, page.Jobs[0].Counters.Total);
    }

    /// <summary>Takes up to four tasks in a call, and notes the item of each.</summary>
    private sealed class PackingAdapter(RateLimit? rate = null) : IServiceAdapter
    {
        public AdapterManifest Manifest { get; } = TestJobs.Manifest with { Operations = [Echo with { Pack = 4 }], Rate = rate };

        public ConcurrentQueue<int> Items { get; } = new();

        public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            if (context.Pack is { } pack) await pack.Complete.WaitAsync(cancellationToken);
            using var input = JsonDocument.Parse(context.Input);
            Items.Enqueue(input.RootElement.GetProperty("n").GetInt32());
            return new TaskOutcome.Completed("{}"u8.ToArray(), new CallReport(200));
        }
    }
}
