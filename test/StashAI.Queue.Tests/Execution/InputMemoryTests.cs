using StashAI.Queue.Execution;

namespace StashAI.Queue.Tests.Execution;

/// <summary>Calls with large inputs share a bounded amount of memory, in the order in which they ask.</summary>
public sealed class InputMemoryTests
{
    [Fact]
    public async Task Calls_run_together_while_their_inputs_fit()
    {
        var memory = new InputMemory(100);
        using var first = await memory.TakeAsync(20);
        using var second = await memory.TakeAsync(30);
        using var none = await memory.TakeAsync(0);

        var third = memory.TakeAsync(1).AsTask();

        Assert.False(third.IsCompleted);
        first.Dispose();
        using var room = await third;
    }

    [Fact]
    public async Task A_large_call_is_not_overtaken_by_small_ones()
    {
        var memory = new InputMemory(100);
        var first = await memory.TakeAsync(10);

        var large = memory.TakeAsync(45).AsTask();
        var small = memory.TakeAsync(1).AsTask();

        Assert.False(large.IsCompleted || small.IsCompleted);
        first.Dispose();
        using var taken = await large;
        using var last = await small;
    }

    [Fact]
    public async Task A_call_that_needs_more_than_there_is_runs_alone()
    {
        var memory = new InputMemory(100);
        var huge = await memory.TakeAsync(1_000_000);

        var other = memory.TakeAsync(1).AsTask();

        Assert.False(other.IsCompleted);
        huge.Dispose();
        using var room = await other;
    }

    [Fact]
    public async Task Two_calls_that_want_everything_get_it_one_after_the_other()
    {
        var memory = new InputMemory(100);
        var (first, second) = (await memory.TakeAsync(20), await memory.TakeAsync(20));

        var all = first.TakeAllAsync().AsTask();
        Assert.False(all.IsCompleted);
        var next = second.TakeAllAsync().AsTask();
        await all;

        Assert.False(next.IsCompleted);
        first.Dispose();
        await next;
        second.Dispose();
        using var room = await memory.TakeAsync(50);
    }
}
