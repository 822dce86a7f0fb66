using System.Security.Cryptography;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>Questions for a result that come while the transaction is under way that stores it (docs/adr/0040).</summary>
public sealed class ResultRaceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly byte[] Key = SHA256.HashData("item"u8);
    private readonly PostgresHost host = new(postgres);
    private IQueueStore store = null!;
    private long node;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await host.OpenAsync(TimeProvider.System, Cancellation);
        node = store.Nodes.Register("first", TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        host.Verify();
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_asks_during_the_commit_of_a_result_gets_it(bool isAwaited)
    {
        await store.EnqueueAsync(node, 3, TestJobs.Job, Cancellation);
        var tasks = (await store.Work.ClaimAsync(node, 3, 0, [TestJobs.Service], Cancellation)).Tasks;
        Assert.True((await AskAsync(tasks[0])).Computes);
        if (isAwaited) Assert.Equal(default, await AskAsync(tasks[1]));
        await using var blocker = host.Connect();
        await using var transaction = await blocker.BeginTransactionAsync(Cancellation);
        await using (var command = blocker.CreateCommand())
        {
            // What a result shows is stored after the result and the end of its flight.
            command.CommandText = "LOCK TABLE task_subjects IN SHARE MODE";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var applied = store.Work.ApplyAsync(node, [Done(tasks[0])], Cancellation);
        await WaitForBlockedAsync(1, applied);
        var asked = AskAsync(tasks[2]);
        await WaitForBlockedAsync(2, asked);
        await transaction.CommitAsync(Cancellation);

        Assert.Equal([ApplyStatus.Applied], (await applied).Statuses);
        Assert.NotNull((await asked).Known);
    }

    private Task<ResultAnswer> AskAsync(ClaimedTask task) =>
        store.Results.AskAsync(new ResultQuery(Key, task.Key, task.Fence), Cancellation);

    private async Task WaitForBlockedAsync(long count, Task task)
    {
        while ((long)host.Scalar("SELECT COUNT(DISTINCT pid) FROM pg_locks WHERE NOT granted")! < count)
        {
            Assert.False(task.IsCompleted);
            await Task.Yield();
        }
    }

    private static AttemptResult Done(ClaimedTask task) => new()
    {
        Task = task,
        Event = TaskEvent.Succeed,
        Output = "{}"u8.ToArray(),
        ResultKey = Key,
        Subjects = [new ResultSubject("ann", 1)],
    };
}
