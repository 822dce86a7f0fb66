using System.Text.Json;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Policies;
using StashAI.Queue.Settings;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>A service that asks some requests to wait, always, and names no time.</summary>
public abstract class EngineThrottleTests(PostgresFixture? postgres) : IAsyncLifetime
{
    private static readonly QueueOptions Options = EngineHouse.Options with
    {
        Retry = RetryPolicy.Default,
        Lease = TimeSpan.FromHours(1),
        PollInterval = TimeSpan.FromSeconds(1),
    };

    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync(postgres);

    public ValueTask DisposeAsync() => house.DisposeAsync();

    public sealed class OnSqlite() : EngineThrottleTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : EngineThrottleTests(postgres);

    [Theory]
    [InlineData(1, 0.03)]
    [InlineData(2, 0.2)]
    [InlineData(3, 0.5)]
    [InlineData(4, 0.8)]
    public async Task Requests_that_are_always_asked_to_wait_are_seldom_called_and_hold_up_no_others(int seed, double share)
    {
        const int Tasks = 60;
        var random = new Random(seed);
        var bad = Enumerable.Range(0, Tasks).Where(n => n == 0 || random.NextDouble() < share).ToHashSet();
        house.Service.Script = call => bad.Contains(NumberOf(call)) ? Reply.Status(429) : Reply.Json("{}");
        using var clock = new ShiftableClock();
        using var engine = await house.StartAsync(await house.OpenStoreAsync(clock), Options, clock);

        var job = await house.SubmitAsync(engine, Tasks);
        var began = clock.GetUtcNow();
        await PassUntilAsync(engine, clock, job, Tasks - bad.Count);
        var later = await house.SubmitAsync(engine, Tasks, from: Tasks);
        await PassUntilAsync(engine, clock, later, Tasks);

        // A wait doubles with each call, and the first may be as short as a second.
        var most = bad.Count * (3 + Math.Log2((clock.GetUtcNow() - began).TotalSeconds + 1));
        Assert.InRange(house.Service.Ledger.Count - (2 * Tasks) + bad.Count, bad.Count, most);
        Assert.Equal(JobState.Running, (await engine.Read.FindJobAsync(job.JobId, Cancellation))!.State);
        await engine.StopAsync(Cancellation);
    }

    /// <summary>Lets the clock run until as many tasks are completed, at most an hour.</summary>
    private static async Task PassUntilAsync(
        QueueEngine engine, ShiftableClock clock, EnqueuedJob job, int completed)
    {
        // A blocked lane is not asked until it opens, so there is no claim to wait for.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var seconds = 0; ; seconds++)
        {
            if ((await engine.Read.FindJobAsync(job.JobId, Cancellation))!.Counters.Completed >= completed) return;
            Assert.InRange(seconds, 0, 3600);
            clock.Advance(TimeSpan.FromSeconds(1));
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    private static int NumberOf(ScriptedCall call)
    {
        using var document = JsonDocument.Parse(call.Body);
        return document.RootElement.GetProperty("n").GetInt32();
    }
}
