using System.Reflection;
using StashAI.Gateway.Live.Hub;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Queue;

namespace StashAI.Gateway.Tests.Live;

/// <summary>How much is read to follow other processes.</summary>
public sealed class VersionFollowerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tasks_of_a_job_that_stands_still_are_read_now_and_then_only_and_a_change_is_found_at_once()
    {
        using var folder = new TempFolder();
        await using var store = await SqliteStore.OpenAsync(new SqliteSettings { Path = folder.File("queue.db") }, Cancellation);
        var node = store.Nodes.Register("test", TimeSpan.FromMinutes(10));
        var still = await store.EnqueueAsync(node, 3, TestJobs.Job, Cancellation);
        var moving = await store.EnqueueAsync(node, 3, TestJobs.Job, Cancellation);
        LiveKey[] followed = [.. Tasks(still), .. Tasks(moving), LiveKey.Job(moving.Key), LiveKey.Stats];
        var reads = VersionReads.Over(store.Read);
        var follower = new VersionFollower(reads.Store);
        var found = new List<ChangeSet>();

        await follower.PollAsync(followed, found.Add, Cancellation);
        Assert.Equal([(2, 0), (0, 6)], reads.Counter.Taken());
        await follower.PollAsync(followed, found.Add, Cancellation);
        Assert.Equal([(2, 0)], reads.Counter.Taken());
        found.Clear();
        await store.Control.CancelTaskAsync(TaskKey.From(moving.Key, 1), Cancellation);
        await follower.PollAsync(followed, found.Add, Cancellation);

        Assert.Equal([(2, 0), (0, 3)], reads.Counter.Taken());
        Assert.Contains(
            found.SelectMany(changes => changes.Tasks),
            task => task is { State: TaskState.Cancelled } && task.Key == TaskKey.From(moving.Key, 1));
        for (var round = 3; round < 10; round++) await follower.PollAsync(followed, found.Add, Cancellation);
        reads.Counter.Taken();
        await follower.PollAsync(followed, found.Add, Cancellation);
        Assert.Equal([(2, 0), (0, 6)], reads.Counter.Taken());
    }

    [Fact]
    public async Task Who_follows_nothing_reads_nothing()
    {
        using var folder = new TempFolder();
        await using var store = await SqliteStore.OpenAsync(new SqliteSettings { Path = folder.File("queue.db") }, Cancellation);
        var reads = VersionReads.Over(store.Read);

        await new VersionFollower(reads.Store).PollAsync([LiveKey.Stats], _ => { }, Cancellation);

        Assert.Empty(reads.Counter.Taken());
    }

    private static IEnumerable<LiveKey> Tasks(EnqueuedJob job) =>
        Enumerable.Range(0, 3).Select(i => LiveKey.Task(TaskKey.From(job.Key, i)));

    /// <summary>A real store whose version reads are counted: jobs and tasks of each.</summary>
    public class VersionReads : DispatchProxy
    {
        private readonly List<(int Jobs, int Tasks)> reads = [];
        private IRead inner = null!;

        public static (IRead Store, VersionReads Counter) Over(IRead store)
        {
            var proxy = Create<IRead, VersionReads>();
            var counter = (VersionReads)(object)proxy;
            counter.inner = store;
            return (proxy, counter);
        }

        public IReadOnlyList<(int Jobs, int Tasks)> Taken()
        {
            (int, int)[] taken = [.. reads];
            reads.Clear();
            return taken;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IRead.ReadVersionsAsync))
                reads.Add((((IReadOnlyList<long>)args![0]!).Count, ((IReadOnlyList<long>)args[1]!).Count));
            return targetMethod.Invoke(inner, args);
        }
    }
}
