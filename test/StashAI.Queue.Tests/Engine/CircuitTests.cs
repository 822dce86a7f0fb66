using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Settings;
using StashAI.Sdk;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>A service that goes down and comes back, with three engines on one database.</summary>
public sealed class CircuitTests
{
    private const int Tasks = 400;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static QueueOptions Options => new()
    {
        Workers = 4,
        MaxAhead = 8,
        Lease = TimeSpan.FromDays(1),
        PollInterval = TimeSpan.FromMilliseconds(20),
        AgingStep = TimeSpan.Zero,
    };

    private static AdapterManifest Manifest { get; } =
        TestJobs.Manifest with { Circuit = new CircuitSettings { Failures = 5, FirstPause = Pause } };

    [Fact]
    public async Task Its_queue_is_parked_one_node_asks_and_when_it_is_back_every_task_completes()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => Reply.Status(503);
        service.Health = Reply.Status(503);
        await using var cluster = await EngineCluster.StartAsync(3, Manifest with { HealthPath = "/health" }, Options, clock, Cancellation);
        var job = await cluster.EnqueueAsync(Tasks, service.Url, Cancellation);

        await cluster.WaitForCircuitAsync(CircuitState.Open, 1, Cancellation);
        // A failure that is recorded after the service came back would count again.
        await WaitForNothingRunningAsync(cluster);
        Assert.Equal(0, service.HealthCount);
        clock.Advance(Pause);
        await cluster.WaitForCircuitAsync(CircuitState.Open, 2, Cancellation);
        // What was claimed before the circuit opened may have been called; the rest of the queue was not.
        Assert.InRange(service.Ledger.Count, 5, 100);
        (service.Script, service.Health) = (_ => Reply.Json("{}"), Reply.Json("{}"));
        clock.Advance(Pause * 2);
        await cluster.WaitForCircuitAsync(CircuitState.Closed, 1, Cancellation);
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(JobState.Completed, await cluster.EndAsync(Cancellation));
        Assert.Equal(2, service.HealthCount);
        await AssertFewAttemptsAsync(cluster, job);
        Assert.Equal(
            [CircuitState.Open, CircuitState.HalfOpen, CircuitState.Open, CircuitState.HalfOpen, CircuitState.Closed],
            cluster.Lanes.Select(lane => lane.After));
    }

    [Fact]
    public async Task Without_a_health_path_a_single_task_tries_before_the_others()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        await service.GoDownAsync();
        await using var cluster = await EngineCluster.StartAsync(3, Manifest, Options, clock, Cancellation);
        var job = await cluster.EnqueueAsync(Tasks, service.Url, Cancellation);
        await cluster.WaitForCircuitAsync(CircuitState.Open, 1, Cancellation);
        await WaitForNothingRunningAsync(cluster);
        clock.Advance(Pause);
        await cluster.WaitForCircuitAsync(CircuitState.Open, 2, Cancellation);
        await service.ComeBackAsync(Cancellation);
        Assert.Equal(0, service.Ledger.Count);
        var gate = new Gate();
        service.Script = call => call.Number == 1 ? Reply.Hold(gate, Reply.Json("{}")) : Reply.Json("{}");

        clock.Advance(Pause * 2);
        await service.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        Assert.Equal(CircuitState.HalfOpen, Assert.Single(await cluster.Store.Read.ListLanesAsync(Cancellation)).Circuit);
        gate.Open();
        await cluster.WaitForCircuitAsync(CircuitState.Closed, 1, Cancellation);
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(JobState.Completed, await cluster.EndAsync(Cancellation));
        Assert.Equal(Tasks, service.Ledger.Count);
        Assert.All(service.Ledger.Calls.Skip(1), call => Assert.True(call.StartedAt >= service.Ledger.Calls[0].EndedAt));
        await AssertFewAttemptsAsync(cluster, job);
    }

    /// <summary>Only the failures before the one that opened the circuit cost an attempt.</summary>
    private static async Task AssertFewAttemptsAsync(EngineCluster cluster, EnqueuedJob job)
    {
        var tasks = await cluster.TasksAsync(job, Cancellation);
        Assert.Equal(Tasks, tasks.Count(task => task.State == TaskState.Completed));
        Assert.InRange(tasks.Sum(task => task.Attempt - 1), 0, Manifest.Circuit.Failures - 1);
    }

    private static async Task WaitForNothingRunningAsync(EngineCluster cluster)
    {
        while ((await cluster.Store.Read.ReadTotalsAsync(Cancellation)).Running > 0) await Task.Yield();
    }
}
