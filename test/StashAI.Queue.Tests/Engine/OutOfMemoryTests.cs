using System.Collections.Concurrent;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Running out of memory says nothing about an item: its task runs again, alone, and never fails for it.</summary>
public sealed class OutOfMemoryTests(PostgresFixture postgres) : IAsyncDisposable
{
    private EngineHouse? house;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (house is not null) await house.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Large_inputs_reach_the_adapter_whole(bool isPostgres)
    {
        var adapter = new HungryAdapter(_ => false);
        var (ended, _) = await RunAsync(isPostgres, adapter, [100, 70_000, 2_500_000]);

        Assert.Equal(3, ended.Counters.Completed);
        Assert.Equal([100, 70_000, 2_500_000], adapter.Calls.OrderBy(call => call.Ordinal).Select(call => call.Bytes));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2_500_000)]
    public async Task A_task_whose_call_runs_out_of_memory_runs_again_at_once(int size)
    {
        var adapter = new HungryAdapter(calls => calls == 1);
        var (ended, attempts) = await RunAsync(isPostgres: false, adapter, [size]);

        Assert.Equal(1, ended.Counters.Completed);
        Assert.Equal(2, adapter.Calls.Count);
        Assert.Empty(attempts);
    }

    [Fact]
    public async Task It_never_fails_for_good_however_often_memory_runs_out()
    {
        var adapter = new HungryAdapter(calls => calls <= 20);
        var (ended, attempts) = await RunAsync(isPostgres: false, adapter, [2_500_000]);

        Assert.Equal((1, 0), (ended.Counters.Completed, ended.Counters.Failed));
        Assert.Equal(10, attempts.Count);
        Assert.All(attempts, attempt => Assert.Contains("ran out of memory", attempt.ErrorMessage, StringComparison.Ordinal));
    }

    private async Task<(JobView Job, IReadOnlyList<AttemptView> Attempts)> RunAsync(bool isPostgres, HungryAdapter adapter, int[] sizes)
    {
        house = await EngineHouse.OpenAsync(isPostgres ? postgres : null);
        var store = await house.OpenStoreAsync();
        using var engine = await house.StartAsync(store, adapter: adapter);
        await using var upload = engine.OpenUpload();
        upload.KeepLargeInputsApart();
        foreach (var size in sizes)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(new byte[size].Select(_ => (byte)'1').ToArray(), Cancellation);
        }

        var job = await engine.CommitAsync(upload, house.Job, Cancellation);
        var ended = await EngineHouse.WaitForEndAsync(engine, job);
        var attempts = await store.Read.ListAttemptsAsync(TaskKey.From(job.Key, 0), 100, Cancellation);
        await engine.StopAsync(Cancellation);
        return (ended, [.. attempts.Where(attempt => attempt.Event != TaskEvent.Succeed)]);
    }

    /// <summary>Runs out of memory as its test wants, by the number of the call.</summary>
    private sealed class HungryAdapter(Func<int, bool> runsOut) : IServiceAdapter
    {
        private int count;

        public AdapterManifest Manifest => TestJobs.Manifest;

        public ConcurrentQueue<(int Ordinal, int Bytes)> Calls { get; } = new();

        public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            Calls.Enqueue((context.Ordinal, context.Input.Length));
            if (runsOut(Interlocked.Increment(ref count))) throw new InsufficientMemoryException();
            return Task.FromResult<TaskOutcome>(new TaskOutcome.Completed("{}"u8.ToArray(), new CallReport(200)));
        }
    }
}
