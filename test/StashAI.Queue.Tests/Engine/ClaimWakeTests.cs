using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>When processes claim that poll once an hour: as often as it pays, and whenever a task is ready.</summary>
public abstract class ClaimWakeTests(PostgresFixture? postgres) : IAsyncLifetime
{
    private static readonly QueueOptions Patient = EngineHouse.Options with { PollInterval = TimeSpan.FromHours(1) };

    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync(postgres);

    public ValueTask DisposeAsync() => house.DisposeAsync();

    public sealed class OnSqlite() : ClaimWakeTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : ClaimWakeTests(postgres)
    {
        [Theory]
        [MemberData(nameof(Seeds))]
        public Task A_ready_task_waits_for_no_poll_on_two_processes(int seed) => RunAsync(seed, processes: 2);
    }

    public static TheoryData<int> Seeds => [1, 2, 3];

    [Fact]
    public async Task A_task_takes_one_claim()
    {
        const int Tasks = 10;
        house.Service.Script = _ => Reply.Json("{}");
        var (empty, full) = (0, 0);
        var store = new FaultyStore(await house.OpenStoreAsync())
        {
            AfterClaim = batch => Interlocked.Increment(ref batch.Tasks.Count == 0 ? ref empty : ref full),
        };
        using var engine = await house.StartAsync(store, Patient);

        for (var i = 0; i < Tasks; i++)
        {
            var job = await house.SubmitAsync(engine, 1, from: i);
            Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        }

        await engine.StopAsync(Cancellation);
        // The start looks for work once.
        Assert.Equal((Tasks, true), (full, empty <= 1));
    }

    [Fact]
    public async Task A_process_without_free_slots_claims_again_when_it_has_one()
    {
        house.Service.Script = _ => Reply.Json("{}");
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), Patient with { Workers = 1, MaxAhead = 1 });

        var jobs = new List<EnqueuedJob>();
        for (var i = 0; i < 20; i++) jobs.Add(await house.SubmitAsync(engine, 3, from: 3 * i));

        foreach (var job in jobs) Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(engine, job)).State);
        await engine.StopAsync(Cancellation);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task A_ready_task_waits_for_no_poll(int seed) => RunAsync(seed, processes: 1);

    /// <summary>
    /// Jobs of several lanes with limits of their own, calls that fail or throttle, and people who pause, change limits and resume. All
    /// jobs end before anybody polls.
    /// </summary>
    private async Task RunAsync(int seed, int processes)
    {
        var random = new Random(seed);
        var failures = random.Next(4);
        house.Service.Script = call => (call.Try, (int.Parse(call.JsonField("n")!) + seed) % 11) switch
        {
            (1, var n) when n < failures => n == 0 ? Reply.Status(429, "wait") : Reply.Status(500, "no"),
            _ => Reply.Json("{}"),
        };
        int? Limit() => random.Next(3) == 0 ? null : random.Next(1, 4);
        var manifest = TestJobs.Manifest with { MaxRunning = Limit() };
        var engines = new List<QueueEngine>();
        for (var i = 0; i < processes; i++)
        {
            engines.Add(await house.StartAsync(
                await house.OpenStoreAsync(), Patient with { Workers = random.Next(1, 6) },
                adapter: new JsonPostAdapter { Manifest = manifest }));
        }

        var jobs = new List<EnqueuedJob>();
        for (var i = 0; i < 15; i++)
        {
            var engine = engines[random.Next(processes)];
            var job = house.Job with
            {
                MaxParallel = Limit() ?? int.MaxValue,
                Priority = random.Next(3, 7),
                // Another name of the same service is another lane.
                Upstream = random.Next(2) == 0 ? house.Job.Upstream : new UriBuilder(house.Job.Upstream) { Host = "localhost" }.Uri,
            };
            jobs.Add(await house.SubmitAsync(engine, random.Next(1, 9), job, from: 10 * i));
            switch (random.Next(5))
            {
                case 0:
                    var changed = jobs[random.Next(jobs.Count)].Key;
                    await engine.ChangeJobAsync(changed, new JobPatch { MaxParallel = random.Next(1, 4) }, Cancellation);
                    break;
                case 1:
                    var patch = new LimitPatch { SetsMaxRunning = true, MaxRunning = Limit() };
                    await engine.SetLimitsAsync(TestJobs.Service, patch, Cancellation);
                    break;
                case 2:
                    var paused = jobs[random.Next(jobs.Count)].Key;
                    await engine.PauseJobAsync(paused, true, Cancellation);
                    await engine.PauseJobAsync(paused, false, Cancellation);
                    break;
                case 3:
                    await engine.PauseServiceAsync(TestJobs.Service, true, Cancellation);
                    await engine.PauseServiceAsync(TestJobs.Service, false, Cancellation);
                    break;
            }
        }

        foreach (var job in jobs) await EngineHouse.WaitForEndAsync(engines[0], job);
        foreach (var engine in engines)
        {
            await engine.StopAsync(Cancellation);
            engine.Dispose();
        }
    }
}
