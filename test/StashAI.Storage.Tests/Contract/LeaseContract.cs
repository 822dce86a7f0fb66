using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Leases: work goes back when its node's lease is over, never before, and the lost node learns it (S6, S7, S8).</summary>
public abstract class LeaseContract(IStoreHost host) : StoreContract(host)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_lease_lives_as_long_as_it_is_renewed_in_time()
    {
        await EnqueueAsync(2);
        for (var i = 0; i < 5; i++)
        {
            Clock.Advance(Lease - Tick);
            Assert.True(Store.Nodes.Renew(Node, Lease).Alive);
        }

        Assert.Single(await ClaimAsync(1));
        Clock.Advance(Lease);
        Assert.False(Store.Nodes.Renew(Node, Lease).Alive);
        Assert.False(Store.Nodes.Renew(Node, Lease).Alive);
        Assert.False(Store.Nodes.Renew(4711, Lease).Alive);
        Assert.Empty(await ClaimAsync(1));
    }

    [Fact]
    public async Task Living_nodes_are_listed_newest_first_with_what_they_run()
    {
        var other = await OpenAnotherAsync();
        var started = Clock.GetUtcNow();
        var second = other.Nodes.Register("second", Lease, LabelSet.Parse("gpu,big"), program: new NodeProgram("worker", "1.2.3"));
        Clock.Advance(Lease / 2);
        Assert.True(other.Nodes.Renew(second, Lease, running: 7).Alive);

        var nodes = await Store.Read.ListNodesAsync(Cancellation);

        Assert.Equal([second, Node], nodes.Select(node => node.Key));
        var node = nodes[0];
        Assert.Equal(
            ("second", Environment.MachineName, Environment.ProcessId, "worker", "1.2.3", 7),
            (node.Name, node.Host, node.ProcessId, node.Program.Role, node.Program.Version, node.Running));
        Assert.Equal(["big", "gpu"], node.Labels.Order());
        Assert.Equal((started, Clock.GetUtcNow() + Lease), (node.StartedAt, node.LeaseUntil));
        Assert.Equal((null, null, 0), (nodes[1].Program.Role, nodes[1].Program.Version, nodes[1].Running));
        Clock.Advance(Lease / 2);
        Assert.Equal([second], (await Store.Read.ListNodesAsync(Cancellation)).Select(one => one.Key));
        other.Nodes.Leave(second);
        Assert.Empty(await Store.Read.ListNodesAsync(Cancellation));
    }

    [Fact]
    public async Task Nothing_is_rescued_while_the_lease_lasts()
    {
        await EnqueueAsync(3);
        var tasks = await ClaimAsync(2);
        var other = await OpenAnotherAsync();

        Clock.Advance(Lease - Tick);
        Assert.True((await other.Maintain.RescueAsync(10, Cancellation)).IsEmpty);
        Clock.Advance(Tick);
        var rescued = await other.Maintain.RescueAsync(10, Cancellation);

        Assert.Equal(tasks.Select(task => new TaskChange(task.Key, 3, TaskState.Available)), rescued.Tasks.OrderBy(task => task.Key));
        Assert.Single(rescued.Jobs);
        Assert.True((await Store.Maintain.RescueAsync(10, Cancellation)).IsEmpty);
        Assert.All(tasks, task => Assert.Equal([(1, 1, (int)TaskEvent.LoseLease)], Host.Attempts(task.Key)));
        var node = other.Nodes.Register("second", Lease);
        var again = await ClaimAsync(3, node, other);
        Assert.Equal([(0, 2, 1), (1, 2, 1), (2, 1, 1)], again.Select(task => (TaskKey.OrdinalOf(task.Key), task.Fence, task.Attempt)));
    }

    [Fact]
    public async Task A_late_result_of_a_lost_node_is_told_so_and_changes_nothing()
    {
        await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        Clock.Advance(Lease);
        await Store.Maintain.RescueAsync(10, Cancellation);

        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(task)));
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Ended(task, TaskEvent.Fail)));
        Assert.Equal(TaskState.Available, (await TaskAsync(task.Key)).State);
        var lost = Node;
        RegisterAgain();
        var again = await ClaimOneAsync();
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(task), lost));
        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(again)));
        Assert.Equal(ApplyStatus.LeaseLost, await ApplyAsync(Done(task), lost));
    }

    [Fact]
    public async Task A_result_that_comes_before_the_rescue_still_counts()
    {
        await EnqueueAsync(1);
        var task = await ClaimOneAsync();
        Clock.Advance(Lease * 2);

        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(task)));

        Assert.True((await Store.Maintain.RescueAsync(10, Cancellation)).IsEmpty);
        Assert.Equal(TaskState.Completed, (await TaskAsync(task.Key)).State);
    }

    [Fact]
    public async Task What_a_leaving_node_still_holds_is_rescued_at_once()
    {
        await EnqueueAsync(2);
        await ClaimAsync(2);
        Store.Nodes.Leave(Node);

        Assert.Equal(2, (await Store.Maintain.RescueAsync(10, Cancellation)).Tasks.Count);

        Assert.False(Store.Nodes.Renew(Node, Lease).Alive);
    }

    [Fact]
    public async Task A_rescue_is_bounded_and_touches_only_lost_nodes()
    {
        await EnqueueAsync(20);
        await ClaimAsync(5);
        var second = Store.Nodes.Register("second", Lease);
        await ClaimAsync(4, second);
        Clock.Advance(Lease / 2);
        var third = Store.Nodes.Register("third", Lease);
        var alive = await ClaimAsync(3, third);
        Clock.Advance(Lease / 2);

        var counts = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            counts.Add((await Store.Maintain.RescueAsync(2, Cancellation)).Tasks.Count);
            Host.Verify();
        }

        Assert.Equal([2, 2, 2, 2, 1], counts);
        Assert.True((await Store.Maintain.RescueAsync(2, Cancellation)).IsEmpty);
        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(alive[0]), third));
    }

    [Fact]
    public async Task Rescues_side_by_side_give_a_task_back_once()
    {
        await EnqueueAsync(200);
        await ClaimAsync(200);
        var other = await OpenAnotherAsync();
        Clock.Advance(Lease);

        var rescued = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? Store : other).Maintain.RescueAsync(60, Cancellation)));
        rescued = [.. rescued, await Store.Maintain.RescueAsync(1000, Cancellation)];

        var keys = rescued.SelectMany(changes => changes.Tasks).Select(task => task.Key).ToList();
        Assert.Equal((200, 200), (keys.Count, keys.Distinct().Count()));
    }

    [Fact]
    public async Task A_rescued_node_stays_lost_when_the_clock_is_set_back()
    {
        await EnqueueAsync(2);
        await ClaimAsync(1);
        Clock.Advance(Lease);
        await Store.Maintain.RescueAsync(10, Cancellation);
        Clock.AdjustTime(Clock.GetUtcNow() - Lease);

        Assert.False(Store.Nodes.Renew(Node, Lease).Alive);
        Assert.Empty(await ClaimAsync(1));
    }

    [Fact]
    public async Task Heartbeats_tell_a_node_only_of_its_own_cancelled_tasks()
    {
        await EnqueueAsync(4);
        var mine = await ClaimAsync(2);
        var other = await OpenAnotherAsync();
        var second = other.Nodes.Register("second", Lease);
        var theirs = await ClaimAsync(2, second, other);

        await other.Control.CancelTaskAsync(mine[0].Key, Cancellation);
        await Store.Control.CancelTaskAsync(theirs[1].Key, Cancellation);

        Assert.Equal([mine[0].Key], Store.Nodes.Renew(Node, Lease).CancelRequested);
        Assert.Equal([theirs[1].Key], other.Nodes.Renew(second, Lease).CancelRequested);
    }
}
