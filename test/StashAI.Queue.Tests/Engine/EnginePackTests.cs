using System.Collections.Concurrent;
using System.Text;
using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Packs on their way through an engine.</summary>
public sealed class EnginePackTests : IAsyncLifetime
{
    private const int Pack = 4;

    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pack_is_complete_when_all_of_its_tasks_were_given_to_the_adapter(bool hasJobParts)
    {
        var adapter = new CountingAdapter(hasJobParts);
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 2 }, adapter: adapter);

        var view = await EngineHouse.WaitForEndAsync(engine, await house.SubmitAsync(engine, 10 * Pack));

        Assert.Equal(JobState.Completed, view.State);
        Assert.Equal(10 * Pack, adapter.Seen.Count);
        Assert.All(adapter.Seen, seen => Assert.Equal(Pack, seen));
        await engine.StopAsync(Cancellation);
    }

    /// <summary>
    /// Recorded one by one, or held back one by one while the service asks to wait, some would be called without the others.
    /// </summary>
    [Fact]
    public async Task Tasks_of_a_pack_that_come_back_share_the_next_call_too()
    {
        var adapter = new BusyAdapter();
        using var engine = await house.StartAsync(await house.OpenStoreAsync(), EngineHouse.Options with { Workers = 4 }, adapter: adapter);

        var view = await EngineHouse.WaitForEndAsync(engine, await house.SubmitAsync(engine, 50 * Pack));

        Assert.Equal(JobState.Completed, view.State);
        Assert.True(adapter.Calls.Count() > 50);
        Assert.All(adapter.Calls, tasks => Assert.Equal(Pack, tasks));
        await engine.StopAsync(Cancellation);
    }

    [Fact]
    public void Tasks_of_a_lost_lease_are_not_taken_off_what_runs_under_the_next()
    {
        var shared = new SharedCalls();
        shared.Add(nodeKey: 1, laneKey: 7, Pack - 1);

        shared.Add(nodeKey: 2, laneKey: 7, Pack - 2);

        Assert.Equal((Pack - 1, Pack - 2), (shared.CountOf(1, 7), shared.CountOf(2, 7)));
    }

    /// <summary>Looks, once its pack is complete, how many of it have come.</summary>
    private sealed class CountingAdapter(bool hasJobParts) : IServiceAdapter
    {
        private readonly ConcurrentDictionary<TaskPack, int> given = new();

        public AdapterManifest Manifest { get; } = new()
        {
            Name = TestJobs.Service,
            Operations = [new AdapterOperation("echo", "echo", "echo_batch") { Pack = Pack, HasJobParts = hasJobParts }],
        };

        public ConcurrentQueue<int> Seen { get; } = new();

        public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            given.AddOrUpdate(context.Pack!, 1, (_, count) => count + 1);
            await context.Pack!.Complete.WaitAsync(cancellationToken);
            Seen.Enqueue(given[context.Pack]);
            return new TaskOutcome.Completed(Encoding.UTF8.GetBytes("{}"), new CallReport(200));
        }
    }

    /// <summary>Asks to wait no time in every other shared call, and answers the tasks of a call at different moments.</summary>
    private sealed class BusyAdapter : IServiceAdapter
    {
        private readonly ConcurrentDictionary<TaskPack, (int Number, int Tasks)> given = new();
        private int packs;

        public AdapterManifest Manifest { get; } = new()
        {
            Name = TestJobs.Service,
            Operations = [new AdapterOperation("echo", "echo", "echo_batch") { Pack = Pack }],
        };

        /// <summary>How many tasks each shared call had.</summary>
        public IEnumerable<int> Calls => given.Values.Select(call => call.Tasks);

        public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            // A task without a pack would be called alone.
            var (number, tasks) = given.AddOrUpdate(
                context.Pack!, _ => (Interlocked.Increment(ref packs), 1), (_, call) => call with { Tasks = call.Tasks + 1 });
            await context.Pack!.Complete.WaitAsync(cancellationToken);
            for (var i = 0; i < tasks * tasks; i++) await Task.Yield();
            return number % 2 == 0
                ? new TaskOutcome.Throttled(TimeSpan.Zero, "busy", new CallReport(429))
                : new TaskOutcome.Completed(Encoding.UTF8.GetBytes("{}"), new CallReport(200));
        }
    }
}
