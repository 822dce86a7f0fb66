using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Engine;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Queue.Tests.Engine;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Diagnostics;

/// <summary>What operators see of the engine: metrics, traces and log lines.</summary>
public sealed class DiagnosticsTests : IAsyncLifetime
{
    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task Every_attempt_is_counted_by_service_and_outcome_and_written_at_debug()
    {
        house.Service.Script = call => call.JsonField("n") switch
        {
            "3" when call.Try == 1 => Reply.Status(500),
            "5" => Reply.Status(422, "bad"),
            _ => Reply.Json("{}"),
        };
        using var meter = new RecordedMeter();
        using var log = new RecordedLog();
        var store = new FaultyStore(await house.OpenStoreAsync());
        using var engine = house.Engine(store, loggers: log, meters: meter);
        await engine.StartAsync(Cancellation);
        var job = await house.SubmitAsync(engine, 20);
        await EngineHouse.WaitForEndAsync(engine, job);
        await store.WaitForMoreAsync(StoreCall.Renew, 2, Cancellation);
        await engine.StopAsync(Cancellation);

        Assert.Equal(19, meter.Of("stashai.attempt.duration", "service=echo outcome=succeed").Count);
        Assert.Single(meter.Of("stashai.attempt.duration", "service=echo outcome=retrylater"));
        Assert.Single(meter.Of("stashai.attempt.duration", "service=echo outcome=fail"));
        Assert.All(meter.Of("stashai.attempt.duration"), seconds => Assert.InRange(seconds, 1e-6, 60));
        Assert.Equal(21, meter.Of("stashai.outcomes.batch").Sum());
        Assert.Equal(21, meter.Of("stashai.claim.tasks").Sum());
        Assert.Equal(1, meter.Of("stashai.tasks.promoted").Sum());
        Assert.All(meter.Of("stashai.lease.margin"), seconds => Assert.InRange(seconds, 1, 30));
        Assert.NotEmpty(meter.Of("stashai.lease.margin"));
        Assert.Equal(21, log.At(LogLevel.Debug).Count(line => line.StartsWith("Task ", StringComparison.Ordinal)));
        var summary = Assert.Single(log.At(LogLevel.Information), line => line.StartsWith("echo: ", StringComparison.Ordinal));
        Assert.StartsWith("echo: 19 completed, 1 failed, 1 to be tried again in ", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gauges_show_what_is_open_how_long_it_waits_and_the_circuits()
    {
        using var meter = new RecordedMeter();
        using var metrics = new QueueMetrics(meter);
        var clock = new FakeTimeProvider(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var store = await house.OpenStoreAsync(clock);
        var node = store.Nodes.Register("one", TimeSpan.FromHours(1));
        await store.EnqueueAsync(node, 3, TestJobs.Job with { Upstream = new Uri("http://a.test:9/x") }, Cancellation);
        await store.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation);
        clock.Advance(TimeSpan.FromSeconds(90));

        await new MetricsReader(store.Read, metrics, clock).RunOnceAsync(Cancellation);
        meter.Observe();

        Assert.Equal([2], meter.Of("stashai.tasks.open", "service=echo state=available"));
        Assert.Equal([1], meter.Of("stashai.tasks.open", "service=echo state=running"));
        Assert.Equal([0], meter.Of("stashai.tasks.open", "service=echo state=scheduled"));
        Assert.Equal([90], meter.Of("stashai.tasks.oldest.age", "service=echo"));
        Assert.Equal([0], meter.Of("stashai.lane.circuit", "service=echo authority=a.test:9"));
    }

    [Fact]
    public async Task A_service_gets_one_line_for_ten_seconds_in_which_something_happened()
    {
        using var log = new RecordedLog();
        var clock = new FakeTimeProvider(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var store = await house.OpenStoreAsync(clock);
        await store.EnqueueAsync(store.Nodes.Register("one", TimeSpan.FromHours(1)), 7, TestJobs.Job, Cancellation);
        var summary = new ServiceSummary(store.Read, clock, log);
        for (var i = 0; i < 40; i++) summary.Add(TestJobs.Service, TaskEvent.Succeed, TimeSpan.FromMilliseconds(i < 36 ? 100 : 2000));
        summary.Add(TestJobs.Service, TaskEvent.Fail, TimeSpan.FromMilliseconds(100));
        summary.Add(TestJobs.Service, TaskEvent.Throttle, TimeSpan.Zero);
        summary.Add(TestJobs.Service, TaskEvent.RetryLater, TimeSpan.Zero);
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.FromSeconds(10), await summary.RunOnceAsync(Cancellation));
        clock.Advance(TimeSpan.FromSeconds(10));
        await summary.RunOnceAsync(Cancellation);

        Assert.Equal(
            ["echo: 40 completed, 1 failed, 2 to be tried again in 10.0 s (4.0/s), 7 open, calls p50 107 ms, p95 2048 ms"],
            log.At(LogLevel.Information));
    }

    [Fact]
    public async Task An_attempt_is_a_span_that_the_service_gets_as_its_parent()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == QueueTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var parents = new ConcurrentQueue<string?>();
        house.Service.Script = call =>
        {
            parents.Enqueue(call.Header("traceparent"));
            return call.Try == 1 ? Reply.Status(500) : Reply.Json("{}");
        };
        using var engine = await house.StartAsync(await house.OpenStoreAsync());
        var job = await house.SubmitAsync(engine, 1);
        await EngineHouse.WaitForEndAsync(engine, job);
        await engine.StopAsync(Cancellation);

        // Other tests' engines are traced too meanwhile.
        var own = spans.Where(span => span.GetTagItem("stashai.job") is Guid id && id == job.JobId).ToList();
        Assert.Equal(["RetryLater", "Succeed"], own.Select(span => span.GetTagItem("stashai.outcome")));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], own.Select(span => span.Status));
        Assert.Equal(own.Select(span => span.TraceId.ToString()), parents.Select(parent => parent?.Split('-')[1]));
    }
}
