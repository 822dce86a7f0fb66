using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>
/// What every store must do, whatever its database (S1 to S12). Each part of the suite is a class of its own; every database has
/// one sealed class for each part. After each test the database's own sums are checked.
/// </summary>
public abstract class StoreContract(IStoreHost host) : IAsyncLifetime
{
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly List<IQueueStore> others = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected IStoreHost Host { get; } = host;

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));

    protected IQueueStore Store { get; private set; } = null!;

    protected long Node { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Store = await Host.OpenAsync(Clock, Cancellation);
        Node = Store.Nodes.Register("first", Lease);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var other in others) await other.DisposeAsync();
        await Store.DisposeAsync();
        Host.Verify();
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A second store on the same database, as another process has one.</summary>
    protected async Task<IQueueStore> OpenAnotherAsync()
    {
        var store = await Host.OpenAsync(Clock, Cancellation);
        others.Add(store);
        return store;
    }

    /// <summary>Lets time pass while a process looks at the clock, as one does all the time.</summary>
    protected async Task PassAsync(TimeSpan time)
    {
        var proof = TimeSpan.FromHours(1);
        await Store.Maintain.ObserveClockAsync(Cancellation);
        if (time > proof) Clock.Advance(time - proof);
        await Store.Maintain.ObserveClockAsync(Cancellation);
        for (var left = time < proof ? time : proof; left > TimeSpan.Zero; left -= TimeSpan.FromMinutes(1))
        {
            Clock.Advance(left < TimeSpan.FromMinutes(1) ? left : TimeSpan.FromMinutes(1));
            await Store.Maintain.ObserveClockAsync(Cancellation);
        }
    }

    /// <summary>What a process does whose lease was over: it takes part under a new key.</summary>
    protected void RegisterAgain() => Node = Store.Nodes.Register("first again", Lease);

    protected Task<EnqueuedJob> EnqueueAsync(int tasks, NewJob? job = null) => Store.EnqueueAsync(Node, tasks, job, Cancellation);

    protected async Task<IReadOnlyList<ClaimedTask>> ClaimAsync(int slots, long? node = null, IQueueStore? store = null)
    {
        var batch = await (store ?? Store).Work.ClaimAsync(node ?? Node, slots, 0, [TestJobs.Service, "other"], Cancellation);
        Host.Verify();
        return batch.Tasks;
    }

    protected async Task<ClaimedTask> ClaimOneAsync() => Assert.Single(await ClaimAsync(1));

    protected async Task<ApplyStatus> ApplyAsync(AttemptResult result, long? node = null)
    {
        var applied = await Store.Work.ApplyAsync(node ?? Node, [result], Cancellation);
        Host.Verify();
        return Assert.Single(applied.Statuses);
    }

    protected async Task<TaskView> TaskAsync(long key, bool withOutput = false) =>
        Assert.Single(await Store.Read.FindTasksAsync([key], withOutput, Cancellation));

    protected async Task<JobView> JobAsync(EnqueuedJob job) => Assert.Single(await Store.Read.FindJobsAsync([job.Key], Cancellation));

    protected static AttemptResult Done(ClaimedTask task, string output = "{}") => new()
    {
        Task = task,
        Event = TaskEvent.Succeed,
        Output = System.Text.Encoding.UTF8.GetBytes(output),
        Call = new CallReport(200),
        Duration = TimeSpan.FromMilliseconds(12.5),
    };

    protected static AttemptResult Ended(ClaimedTask task, TaskEvent how, double delaySeconds = 0) => new()
    {
        Task = task,
        Event = how,
        ErrorKind = how == TaskEvent.Release ? ErrorKind.None : ErrorKind.ServiceError,
        ErrorMessage = how == TaskEvent.Release ? null : "It said no.",
        Call = how == TaskEvent.Release ? CallReport.None : new CallReport(500, "no"),
        Delay = TimeSpan.FromSeconds(delaySeconds),
        Duration = TimeSpan.FromMilliseconds(3),
    };
}
