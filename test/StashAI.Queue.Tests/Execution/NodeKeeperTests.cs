using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Policies;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;

namespace StashAI.Queue.Tests.Execution;

/// <summary>The lease of a process.</summary>
public sealed class NodeKeeperTests
{
    [Fact]
    public async Task A_process_that_lost_its_lease_registers_again_at_once()
    {
        var clock = new FakeTimeProvider();
        var nodes = new CountedNodes();
        // Submits are refused until the next lease, so the next renewal may not be waited for.
        var options = new QueueOptions { NodeName = "test", Heartbeat = TimeSpan.FromHours(1) };
        using var keeper = new NodeKeeper(nodes, new OwnedTasks(), options, clock, NullLogger.Instance);
        keeper.Start();
        Assert.Equal(1, keeper.Current?.Key);

        clock.Advance(options.Lease);

        await nodes.WaitAsync(2, TestContext.Current.CancellationToken);
        while (keeper.Current is null) await Task.Yield();
        Assert.Equal(2, keeper.Current.Key);
        Assert.Equal(1, nodes.LastFormer);
        await keeper.StopAsync();
    }

    /// <summary>A fake: it gives out keys from 1 and counts.</summary>
    private sealed class CountedNodes : INodes
    {
        private readonly SemaphoreSlim registered = new(0);
        private long keys;

        public long? LastFormer { get; private set; }

        public async Task WaitAsync(int count, CancellationToken cancellationToken)
        {
            for (var i = 0; i < count; i++) await registered.WaitAsync(cancellationToken);
        }

        public long Register(string name, TimeSpan lease, LabelSet? labels = null, long? formerKey = null, NodeProgram? program = null)
        {
            LastFormer = formerKey;
            registered.Release();
            return ++keys;
        }

        public NodeHeartbeat Renew(long nodeKey, TimeSpan lease, int running = 0) => new(true, []);

        public void Leave(long nodeKey)
        {
        }

        public int BeginCall(long nodeKey, long taskKey) => -1;

        public void EndCall(long nodeKey, int note)
        {
        }
    }
}
