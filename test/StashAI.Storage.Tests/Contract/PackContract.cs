using System.Collections.Frozen;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Tasks that share calls: a slot, a token and a place of a lane are those of a call (S3).</summary>
public abstract class PackContract(IStoreHost host) : StoreContract(host)
{
    private const int Pack = 4;

    private static readonly FrozenDictionary<string, IReadOnlyDictionary<string, int>> Packs =
        new Dictionary<string, IReadOnlyDictionary<string, int>>
        {
            [TestJobs.Service] = new Dictionary<string, int> { [TestJobs.Job.TaskType] = Pack },
        }.ToFrozenDictionary();

    [Fact]
    public async Task A_slot_takes_a_pack_of_one_job_and_other_services_take_one_task()
    {
        await EnqueueAsync(10);
        await EnqueueAsync(2, TestJobs.Job with { Service = "other" });

        var claimed = await PacksAsync(5);

        Assert.Equal(["0 1 2 3", "4 5 6 7", "8 9"], Calls(claimed.Where(task => task.Job.Service == TestJobs.Service)));
        Assert.All(claimed.Where(task => task.Job.Service == "other"), task => Assert.Equal(0, task.CallNumber));
        Assert.Equal(12, claimed.Count);
    }

    [Fact]
    public async Task Jobs_do_not_share_a_call()
    {
        await EnqueueAsync(3);
        await EnqueueAsync(3);

        var claimed = await PacksAsync(8);

        Assert.Equal(["0 1 2", "0 1 2"], Calls(claimed));
    }

    [Fact]
    public async Task A_rate_counts_calls()
    {
        await DeclareAsync(TestJobs.Manifest with { Rate = new RateLimit(1, 2) });
        await EnqueueAsync(100);

        Assert.Equal(["0 1 2 3", "4 5 6 7"], Calls(await PacksAsync(8)));
        Assert.Empty(await PacksAsync(8));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["8 9 10 11"], Calls(await PacksAsync(8)));
        Assert.Empty(await PacksAsync(8));
    }

    [Fact]
    public async Task The_most_calls_count_own_packs_as_one_and_those_of_other_nodes_by_their_tasks()
    {
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 3 });
        await EnqueueAsync(100);
        var other = await OpenAnotherAsync();
        var second = other.Nodes.Register("second", Lease);

        var first = await PacksAsync(2);
        Assert.Equal(2 * Pack, first.Count);
        // Six of the eight tasks share the calls of the other two: there is room for one more call.
        Assert.Empty((await other.Work.ClaimAsync(Request(second, 8), Cancellation)).Tasks);
        Assert.Equal(["8 9 10 11"], Calls(await PacksAsync(8, shared: 6)));
        Assert.Empty(await PacksAsync(8, shared: 9));
    }

    [Fact]
    public async Task What_failed_in_a_call_of_several_has_its_own_next_and_what_was_throttled_has_not()
    {
        await DeclareAsync(TestJobs.Manifest with { Rate = new RateLimit(1, 3) });
        await EnqueueAsync(12);
        var claimed = await PacksAsync(3);
        var back = claimed.Select(
            (task, i) => Ended(task, TaskEvent.Release) with { ErrorKind = i < 2 ? ErrorKind.Rejected : ErrorKind.None }).ToList();
        await Store.Work.ApplyAsync(Node, back, Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["0", "1", "2 3 4 5"], Calls(await PacksAsync(8)));
        Assert.Empty(await PacksAsync(8));
        Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["6 7 8 9", "10 11"], Calls(await PacksAsync(8)));
    }

    [Fact]
    public async Task A_claim_looks_at_no_more_tasks_that_come_again_than_its_calls_could_take()
    {
        await EnqueueAsync(12);
        var claimed = await PacksAsync(3);
        var back = claimed.Select(
            (task, i) => Ended(task, TaskEvent.Release) with { ErrorKind = i is 6 or 11 ? ErrorKind.Rejected : ErrorKind.None }).ToList();
        await Store.Work.ApplyAsync(Node, back, Cancellation);

        Assert.Equal(["6", "0 1 2 3"], Calls(await PacksAsync(2)));
        Assert.Equal(["11", "4 5 7 8"], Calls(await PacksAsync(2)));
        Assert.Equal(["9 10"], Calls(await PacksAsync(2)));
    }

    [Fact]
    public async Task The_tasks_of_a_pack_that_was_lost_twice_run_alone_and_only_the_one_that_is_lost_again_is_poisoned()
    {
        await EnqueueAsync(Pack + 2);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(["0 1 2 3"], Calls(await PacksAsync(1)));
            await CrashAsync();
        }

        Assert.Equal(["0"], Calls(await PacksAsync(8, isIdle: true)));
        await CrashAsync();
        for (var i = 1; i < Pack; i++)
        {
            var alone = Assert.Single(await PacksAsync(8, isIdle: true));
            Assert.Equal((i, 0), (TaskKey.OrdinalOf(alone.Key), alone.CallNumber));
            await ApplyAsync(Done(alone));
        }

        var rest = await PacksAsync(8, isIdle: true);
        Assert.Equal(["4 5"], Calls(rest));
        foreach (var task in rest) await ApplyAsync(Done(task));
        Assert.Equal(ErrorKind.Poisoned, (await TaskAsync(rest[0].Key - Pack)).ErrorKind);

        async Task CrashAsync()
        {
            Clock.Advance(Lease);
            await Store.Maintain.RescueAsync(100, Cancellation);
            RegisterAgain();
        }
    }

    [Fact]
    public async Task A_job_never_runs_more_tasks_than_it_asked_for()
    {
        await EnqueueAsync(100, TestJobs.Job with { MaxParallel = 6 });

        Assert.Equal(["0 1 2 3", "4 5"], Calls(await PacksAsync(8)));
        Assert.Empty(await PacksAsync(8));
    }

    [Fact]
    public async Task A_pack_that_called_nothing_gives_its_call_back_once()
    {
        await DeclareAsync(TestJobs.Manifest with { Rate = new RateLimit(0.001, 2) });
        await EnqueueAsync(100);
        var known = await PacksAsync(1);
        var called = await PacksAsync(1);
        Assert.Empty(await PacksAsync(8));

        // One of this pack was called, so its call was made.
        await Store.Work.ApplyAsync(Node, [.. called.Select((task, i) => Done(task) with { IsCached = i > 0 })], Cancellation);
        Assert.Empty(await PacksAsync(8));
        await Store.Work.ApplyAsync(
            Node, [.. known.Select((task, i) => Done(task) with { IsCached = true, EndsUncalledPack = i == Pack - 1 })], Cancellation);

        Assert.Equal(["8 9 10 11"], Calls(await PacksAsync(8)));
        Assert.Empty(await PacksAsync(8));
    }

    private static ClaimRequest Request(long node, int slots, int shared = 0, bool isIdle = false) => new()
    {
        NodeKey = node,
        Slots = slots,
        Services = [TestJobs.Service, "other"],
        PackSizes = Packs,
        SharedTasks = _ => shared,
        IsIdle = isIdle,
    };

    private async Task<IReadOnlyList<ClaimedTask>> PacksAsync(int slots, int shared = 0, bool isIdle = false)
    {
        var batch = await Store.Work.ClaimAsync(Request(Node, slots, shared, isIdle), Cancellation);
        Host.Verify();
        return batch.Tasks;
    }

    /// <summary>The ordinals of each call, alone ones too.</summary>
    private static IEnumerable<string> Calls(IEnumerable<ClaimedTask> claimed) => claimed
        .GroupBy(task => task.CallNumber > 0 ? $"call {task.CallNumber}" : $"task {task.Key}")
        .Select(call => string.Join(' ', call.Select(task => TaskKey.OrdinalOf(task.Key))));

    private Task DeclareAsync(AdapterManifest manifest) => Store.Gate.DeclareAsync([manifest], Cancellation);
}
