using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Settings;
using StashAI.Sdk;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Limits that hold over three engines on one database, as the service itself counts them.</summary>
public sealed class LaneGateTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static QueueOptions Options =>
        new() { Workers = 4, Lease = TimeSpan.FromDays(1), PollInterval = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task Three_engines_never_make_more_calls_at_once_than_the_service_allows()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        using var gate = new Gate();
        service.Script = call => call.Number > 5 ? Reply.Json("{}") : Reply.Hold(gate, Reply.Json("{}"));
        await using var cluster = await EngineCluster.StartAsync(
            3, TestJobs.Manifest with { MaxRunning = 5 }, Options, clock, Cancellation);
        await cluster.EnqueueAsync(300, service.Url, Cancellation);

        await service.Ledger.WaitForCallsInFlightAsync(5, Cancellation);
        gate.Open();

        Assert.Equal(JobState.Completed, await cluster.EndAsync(Cancellation));
        Assert.Equal((300, 5), (service.Ledger.Count, service.Ledger.MaxInFlight));
    }

    [Fact]
    public async Task The_limit_holds_while_engines_come_and_go()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        var options = Options with { Workers = 16 };
        await using var cluster = await EngineCluster.StartAsync(1, TestJobs.Manifest with { MaxRunning = 3 }, options, clock, Cancellation);
        await cluster.EnqueueAsync(2000, service.Url, Cancellation);

        for (var calls = 300; calls < 1500; calls += 600)
        {
            await service.Ledger.WaitForCallsAsync(calls, Cancellation);
            await cluster.AddAsync(TestJobs.Manifest with { MaxRunning = 3 }, options, clock, Cancellation);
            await service.Ledger.WaitForCallsAsync(calls + 300, Cancellation);
            await cluster.StopLastAsync();
        }

        Assert.Equal(JobState.Completed, await cluster.EndAsync(Cancellation));
        Assert.Equal(2000, service.Ledger.Count);
        Assert.InRange(service.Ledger.MaxInFlight, 1, 3);
    }

    [Fact]
    public async Task Three_engines_share_one_rate_call_by_call()
    {
        const int burst = 5;
        var step = TimeSpan.FromMilliseconds(40);
        await using var service = await ScriptedService.StartAsync(new ScriptedServiceOptions { Time = clock }, Cancellation);
        await using var cluster = await EngineCluster.StartAsync(
            3, TestJobs.Manifest with { Rate = new RateLimit(25, burst) }, Options, clock, Cancellation);
        var start = clock.GetUtcNow();
        await cluster.EnqueueAsync(105, service.Url, Cancellation);

        await service.Ledger.WaitForCallsAsync(burst, Cancellation);
        for (var i = 1; i <= 100; i++)
        {
            clock.Advance(step);
            await service.Ledger.WaitForCallsAsync(burst + i, Cancellation);
        }

        Assert.Equal(JobState.Completed, await cluster.EndAsync(Cancellation));
        var calls = service.Ledger.Calls;
        Assert.Equal(105, calls.Count);
        Assert.All(calls.Skip(burst).Index(), call => Assert.Equal(start + (step * (call.Index + 1)), call.Item.StartedAt));
    }

    [Fact]
    public async Task A_lane_without_tokens_is_looked_at_again_when_it_has_one_not_at_the_next_poll()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        var never = Options with { PollInterval = TimeSpan.FromHours(1) };
        await using var cluster = await EngineCluster.StartAsync(
            1, TestJobs.Manifest with { Rate = new RateLimit(200) }, never, TimeProvider.System, Cancellation);

        await cluster.EnqueueAsync(20, service.Url, Cancellation);

        Assert.Equal(JobState.Completed, await cluster.EndAsync(Cancellation));
    }

    [Fact]
    public async Task Work_ahead_of_a_fast_service_does_not_keep_a_limited_one_from_its_turn()
    {
        await using var fast = await ScriptedService.StartAsync(Cancellation);
        await using var cluster = await EngineCluster.StartAsync(1, TestJobs.Manifest, Options, TimeProvider.System, Cancellation);
        await cluster.EnqueueAsync(3000, fast.Url, Cancellation);
        await fast.Ledger.WaitForCallsAsync(100, Cancellation);
        await using var limited = await ScriptedService.StartAsync(Cancellation);
        await cluster.Store.Gate.DeclareAsync([TestJobs.Manifest with { MaxRunning = 1 }], Cancellation);

        await cluster.EnqueueAsync(10, limited.Url, Cancellation);

        await limited.Ledger.WaitForEndedAsync(10, Cancellation);
        Assert.Equal(1, limited.Ledger.MaxInFlight);
    }
}
