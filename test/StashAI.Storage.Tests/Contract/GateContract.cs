using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>The gate of each lane: most calls, rate, labels and Retry-After hold over all nodes (S3).</summary>
public abstract class GateContract(IStoreHost host) : StoreContract(host)
{
    private static NewJob Other => TestJobs.Job with { Service = "other" };

    [Fact]
    public async Task The_most_calls_hold_over_all_jobs_of_a_lane_and_for_each_lane_by_itself()
    {
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 3 });
        await EnqueueAsync(5);
        await EnqueueAsync(5);
        await EnqueueAsync(5, TestJobs.Job with { Upstream = new Uri("http://127.0.0.1:10/") });
        await EnqueueAsync(5, Other);

        var claimed = await ClaimAsync(20);

        Assert.Equal([3, 3, 5], claimed.GroupBy(task => (task.Job.Service, task.Job.Upstream.Port)).Select(lane => lane.Count()).Order());
        Assert.Empty(await ClaimAsync(20));
        await ApplyAsync(Done(claimed.First(task => task.Job.Upstream.Port == 10)));
        Assert.Equal(10, Assert.Single(await ClaimAsync(20)).Job.Upstream.Port);
    }

    [Fact]
    public async Task The_last_declaration_wins_at_once()
    {
        await EnqueueAsync(10);
        Assert.Equal(4, (await ClaimAsync(4)).Count);
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 3 });
        Assert.Empty(await ClaimAsync(9));
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 6 });
        Assert.Equal(2, (await ClaimAsync(9)).Count);
        await DeclareAsync(TestJobs.Manifest);
        Assert.Equal(4, (await ClaimAsync(9)).Count);
    }

    [Fact]
    public async Task Stores_that_claim_side_by_side_never_run_more_than_the_most()
    {
        const int most = 5;
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = most });
        await EnqueueAsync(150);
        await EnqueueAsync(150);
        IQueueStore[] stores = [Store, await OpenAnotherAsync(), await OpenAnotherAsync()];
        var nodes = stores.Select(store => store.Nodes.Register("racer", Lease)).ToArray();
        var (running, peak) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => DrainAsync(stores[i % 3], nodes[i % 3]), Cancellation)));

        Assert.InRange(peak, 1, most);
        Assert.Equal(300, (await Store.Read.ReadTotalsAsync(Cancellation)).Completed);

        async Task DrainAsync(IQueueStore store, long node)
        {
            while ((await store.Read.ReadTotalsAsync(Cancellation)).Available > 0)
            {
                var batch = await store.Work.ClaimAsync(node, 4, 8, [TestJobs.Service], Cancellation);
                var now = Interlocked.Add(ref running, batch.Tasks.Count);
                for (var seen = peak; now > seen && Interlocked.CompareExchange(ref peak, now, seen) != seen;) seen = peak;
                Interlocked.Add(ref running, -batch.Tasks.Count);
                await store.Work.ApplyAsync(node, [.. batch.Tasks.Select(task => Done(task))], Cancellation);
            }
        }
    }

    [Fact]
    public async Task A_rate_gives_its_burst_and_then_a_token_at_a_time_to_all_stores_together()
    {
        await DeclareAsync(TestJobs.Manifest with { Rate = new RateLimit(2.5, 4) });
        await EnqueueAsync(1000);
        IQueueStore[] stores = [Store, await OpenAnotherAsync(), await OpenAnotherAsync()];
        var nodes = stores.Select(store => store.Nodes.Register("one of three", TimeSpan.FromHours(1))).ToArray();
        Assert.Equal((4, 0, 0), await CountsAsync());

        var counts = new List<int>();
        for (var tick = 0; tick < 1000; tick++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(70));
            counts.Add(await CountAsync(tick % 3));
        }

        Assert.Equal(175, counts.Sum());
        Assert.All(counts, count => Assert.InRange(count, 0, 1));
        Clock.Advance(TimeSpan.FromHours(0.5));
        Assert.Equal((4, 0, 0), await CountsAsync());

        async Task<(int, int, int)> CountsAsync() => (await CountAsync(0), await CountAsync(1), await CountAsync(2));
        async Task<int> CountAsync(int store) =>
            (await stores[store].Work.ClaimAsync(nodes[store], 9, 9, [TestJobs.Service], Cancellation)).Tasks.Count;
    }

    [Fact]
    public async Task A_clock_that_is_set_back_gives_no_tokens_and_takes_none()
    {
        await DeclareAsync(TestJobs.Manifest with { Rate = new RateLimit(1, 3) });
        await EnqueueAsync(100);
        Assert.Equal(2, (await ClaimAsync(2)).Count);
        await using var behind = await Host.OpenAsync(
            new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Clock.GetUtcNow().AddSeconds(-10)), Cancellation);

        Assert.Single((await behind.Work.ClaimAsync(Node, 9, 0, [TestJobs.Service], Cancellation)).Tasks);
        Assert.Empty((await behind.Work.ClaimAsync(Node, 9, 0, [TestJobs.Service], Cancellation)).Tasks);
    }

    [Fact]
    public async Task A_claim_says_how_long_until_time_alone_opens_a_lane()
    {
        await DeclareAsync(TestJobs.Manifest with { Rate = new RateLimit(4) });
        await EnqueueAsync(9);
        Assert.Single(await ClaimAsync(9));
        Clock.Advance(TimeSpan.FromMilliseconds(100));

        var batch = await Store.Work.ClaimAsync(Node, 9, 0, [TestJobs.Service], Cancellation);

        Assert.Equal((0, TimeSpan.FromMilliseconds(150)), (batch.Tasks.Count, batch.OpensIn));
        Clock.Advance(TimeSpan.FromMilliseconds(149));
        Assert.Empty(await ClaimAsync(9));
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var task = await ClaimOneAsync();
        await ApplyAsync(Ended(task, TaskEvent.Throttle, delaySeconds: 9));
        Assert.Equal(TimeSpan.FromSeconds(9), (await Store.Work.ClaimAsync(Node, 9, 0, [TestJobs.Service], Cancellation)).OpensIn);
    }

    [Fact]
    public async Task Retry_After_shuts_the_lane_for_all_nodes_and_no_other_lane()
    {
        await EnqueueAsync(3);
        await EnqueueAsync(2, Other);
        var store = await OpenAnotherAsync();
        var second = store.Nodes.Register("second", Lease);
        var task = (await Store.Work.ClaimAsync(Node, 1, 0, [TestJobs.Service], Cancellation)).Tasks[0];
        await ApplyAsync(Ended(task, TaskEvent.Throttle, delaySeconds: 5));

        Assert.Equal(["other", "other"], (await ClaimAsync(9, second, store)).Select(claimed => claimed.Job.Service));
        Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(2, (await ClaimAsync(9, second, store)).Count);
    }

    [Fact]
    public async Task What_requires_labels_goes_to_nodes_that_have_them_all()
    {
        await DeclareAsync(TestJobs.Manifest with { RequiredLabels = ["gpu", "big"] });
        await EnqueueAsync(2);
        await EnqueueAsync(1, Other);
        var half = Store.Nodes.Register("half", Lease, LabelSet.Parse("gpu, fast"));
        var whole = Store.Nodes.Register("whole", Lease, LabelSet.Parse("big, fast, gpu"));

        Assert.Equal(["other"], (await ClaimAsync(9)).Select(task => task.Job.Service));
        Assert.Empty(await ClaimAsync(9, half));
        Assert.Equal(2, (await ClaimAsync(9, whole)).Count);
    }

    [Fact]
    public async Task Nothing_is_claimed_ahead_from_a_lane_with_a_hard_limit()
    {
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 50 });
        await EnqueueAsync(40);

        var batch = await Store.Work.ClaimAsync(Node, 3, 20, [TestJobs.Service], Cancellation);

        Assert.Equal((3, true), (batch.Tasks.Count, batch.CappedLaneWaits));
        await EnqueueAsync(40, Other);
        batch = await Store.Work.ClaimAsync(Node, 4, 20, [TestJobs.Service, "other"], Cancellation);
        Assert.Equal(
            (2, 22), (batch.Tasks.Count(task => task.Job.Service == "echo"), batch.Tasks.Count(task => task.Job.Service == "other")));
        Assert.All(batch.Tasks.Skip(4), task => Assert.Equal("other", task.Job.Service));
        batch = await Store.Work.ClaimAsync(Node, 0, 5, [TestJobs.Service, "other"], Cancellation);
        Assert.Equal((5, true), (batch.Tasks.Count(task => task.Job.Service == "other"), batch.CappedLaneWaits));
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 5 });
        Assert.False((await Store.Work.ClaimAsync(Node, 0, 5, [TestJobs.Service, "other"], Cancellation)).CappedLaneWaits);
    }

    [Fact]
    public async Task The_only_node_claims_beyond_a_limit_that_it_sees_to_itself_and_others_get_nothing_meanwhile()
    {
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 5 });
        await EnqueueAsync(40);
        var held = 0;

        var batch = await LeadAsync(8);

        Assert.Equal((13, 5), (batch.Tasks.Count, batch.Limits.Single().Value));
        held = batch.Tasks.Count;
        Assert.Empty((await LeadAsync(8)).Tasks);
        var second = Store.Nodes.Register("second", Lease);
        Assert.Empty(await ClaimAsync(20, second));
        foreach (var task in batch.Tasks.Take(9)) await ApplyAsync(Ended(task, TaskEvent.Succeed));
        held -= 9;
        Assert.Single((await LeadAsync(8)).Tasks);
        Assert.Empty(await ClaimAsync(20, second));

        Task<ClaimedBatch> LeadAsync(int ahead) => Store.Work.ClaimAsync(
            new ClaimRequest { NodeKey = Node, Slots = 20, Ahead = 20, Services = [TestJobs.Service], Leads = _ => new LaneLead(held, ahead) },
            Cancellation);
    }

    [Fact]
    public async Task A_node_that_is_not_rescued_yet_keeps_others_from_claiming_beyond_a_limit()
    {
        var lost = Store.Nodes.Register("lost", TimeSpan.FromSeconds(1));
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 5 });
        await EnqueueAsync(40);
        await ClaimAsync(2, lost);
        Clock.Advance(TimeSpan.FromSeconds(2));

        var batch = await Store.Work.ClaimAsync(
            new ClaimRequest { NodeKey = Node, Slots = 20, Ahead = 20, Services = [TestJobs.Service], Leads = _ => new LaneLead(0, 9) },
            Cancellation);

        Assert.Equal(3, batch.Tasks.Count);
    }

    private Task DeclareAsync(AdapterManifest manifest) => Store.Gate.DeclareAsync([manifest], Cancellation);
}
