using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Hosting.Connections;

namespace StashAI.Gateway.Tests.Connections;

/// <summary>The blocks that bodies are received in.</summary>
public sealed class ConnectionMemoryTests
{
    [Fact]
    public void Few_blocks_are_large_and_those_of_many_clients_are_small()
    {
        using var memory = new ConnectionMemory();

        var blocks = Enumerable.Range(0, 2 * ConnectionMemory.MaxLarge).Select(_ => memory.Rent()).ToList();

        Assert.Equal(ConnectionMemory.MaxLarge, blocks.Count(block => block.Memory.Length == ConnectionMemory.LargeSize));
        Assert.Equal(ConnectionMemory.MaxLarge, blocks.Count(block => block.Memory.Length == ConnectionMemory.SmallSize));
        // Whoever needs much at once gets it.
        Assert.Equal(ConnectionMemory.LargeSize, memory.Rent(ConnectionMemory.SmallSize + 1).Memory.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Rent(ConnectionMemory.LargeSize + 1));
    }

    [Fact]
    public void A_block_that_was_given_back_twice_has_one_owner()
    {
        using var memory = new ConnectionMemory();
        var block = memory.Rent();
        block.Dispose();
        block.Dispose();

        using var first = memory.Rent();
        using var second = memory.Rent();

        Assert.NotSame(first, second);
        Assert.False(first.Memory.Span.Overlaps(second.Memory.Span));
    }

    [Fact]
    public void Blocks_that_were_given_back_are_large_again()
    {
        using var memory = new ConnectionMemory();
        for (var i = 0; i < 3 * ConnectionMemory.MaxLarge; i++)
        {
            using var block = memory.Rent();
            Assert.Equal(ConnectionMemory.LargeSize, block.Memory.Length);
        }
    }

    [Fact]
    public async Task All_listeners_of_a_server_share_the_memory()
    {
        var services = new ServiceCollection();
        services.AddConnectionGate(_ => 10);
        await using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IMemoryPoolFactory<byte>>();

        var memory = factory.Create();
        factory.Create().Dispose();

        Assert.Same(memory, factory.Create());
        using var block = memory.Rent();
        Assert.Equal(ConnectionMemory.LargeSize, block.Memory.Length);
    }
}
