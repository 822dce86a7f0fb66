using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Execution;

namespace StashAI.Queue.Tests.Execution;

/// <summary>Answers that grow while they arrive share a bounded amount of memory, and never wait for each other for ever.</summary>
public sealed class AnswerMemoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_arrive_together_while_they_fit_and_one_may_take_more_than_there_is()
    {
        var memory = new AnswerMemory(100);
        var (first, second, third) = (new AnswerShare(memory), new AnswerShare(memory), new AnswerShare(memory));
        await first.TakeAsync(25, Cancellation);
        await second.TakeAsync(25, Cancellation);

        await first.TakeAsync(1000, Cancellation);
        var next = second.TakeAsync(1000, Cancellation);
        var last = third.TakeAsync(1, Cancellation);

        Assert.False(next.IsCompleted || last.IsCompleted);
        first.Keep(0);
        await next;
        Assert.False(last.IsCompleted);
        second.Keep(0);
        await last;
    }

    [Fact]
    public async Task The_oldest_that_waits_goes_beyond_the_limit_next_and_others_follow_when_they_fit()
    {
        var memory = new AnswerMemory(100);
        var (first, large, larger, small) = (
            new AnswerShare(memory), new AnswerShare(memory), new AnswerShare(memory), new AnswerShare(memory));
        await first.TakeAsync(60, Cancellation);
        var waits = large.TakeAsync(45, Cancellation);
        var waitsToo = larger.TakeAsync(60, Cancellation);
        var passes = small.TakeAsync(2, Cancellation);

        first.Keep(10);
        await waits;
        Assert.False(waitsToo.IsCompleted || passes.IsCompleted);
        large.Keep(0);
        await waitsToo;
        Assert.False(passes.IsCompleted);
        larger.Keep(1);
        await passes;
    }

    [Fact]
    public async Task A_wait_that_is_ended_takes_nothing()
    {
        var memory = new AnswerMemory(100);
        var (first, second, third) = (new AnswerShare(memory), new AnswerShare(memory), new AnswerShare(memory));
        await first.TakeAsync(60, Cancellation);
        using var leaving = new CancellationTokenSource();
        var wait = second.TakeAsync(50, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        first.Keep(0);
        await third.TakeAsync(50, Cancellation);
        Assert.Equal((0, 100), (second.Taken, third.Taken));
    }

    /// <summary>All of them together hold at most the limit and one answer, and all of them end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_answers_end_and_take_little_more_than_the_limit(int seed)
    {
        const int capacity = 1000;
        const int largest = 2000;
        var memory = new AnswerMemory(capacity);
        long held = 0;
        long most = 0;

        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            async () =>
            {
                var random = new Random((seed * 1000) + i);
                for (var call = 0; call < 20; call++)
                {
                    var share = new AnswerShare(memory);
                    var size = random.Next(1, random.Next(3) == 0 ? largest : 50);
                    var has = 0;
                    while (has < size)
                    {
                        var more = Math.Min(size - has, random.Next(1, 400));
                        await share.TakeAsync(more, Cancellation);
                        has += more;
                        var now = Interlocked.Add(ref held, more * AnswerShare.Factor);
                        InterlockedMax(ref most, now);
                        await Task.Yield();
                    }

                    Interlocked.Add(ref held, -has * AnswerShare.Factor);
                    share.Keep(0);
                }
            },
            Cancellation)));

        Assert.InRange(most, 1, capacity + (largest * AnswerShare.Factor));
        var all = new AnswerShare(memory);
        await all.TakeAsync(capacity / AnswerShare.Factor, Cancellation);
        Assert.True(all.Taken == capacity, "Everything was given back.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_time_limit_of_a_call_rests_while_it_waits_for_memory_and_a_deadline_does_not(bool isFirm)
    {
        var clock = new FakeTimeProvider();
        var memory = new AnswerMemory(100);
        var other = new AnswerShare(memory);
        await other.TakeAsync(60, Cancellation);
        using var task = new OwnedTask(1, null) { AnswerMemory = memory };
        task.TryStart();
        var call = task.BeginCall(TimeSpan.FromSeconds(30), clock, CancellationToken.None, CancellationToken.None, isFirm);
        clock.Advance(TimeSpan.FromSeconds(20));

        var wait = task.TakeAsync(50, call).AsTask();
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(isFirm, call.IsCancellationRequested);
        if (isFirm)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
            return;
        }

        other.Keep(0);
        await wait;
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(call.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(call.IsCancellationRequested);
    }

    [Fact]
    public async Task A_cancel_ends_a_call_that_waits_for_memory()
    {
        var memory = new AnswerMemory(100);
        await new AnswerShare(memory).TakeAsync(60, Cancellation);
        using var task = new OwnedTask(1, null) { AnswerMemory = memory };
        task.TryStart();
        var call = task.BeginCall(
            TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None, CancellationToken.None, isFirm: false);
        var wait = task.TakeAsync(50, call).AsTask();

        task.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
