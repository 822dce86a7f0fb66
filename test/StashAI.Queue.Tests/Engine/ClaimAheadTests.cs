using StashAI.Queue.Engine;

namespace StashAI.Queue.Tests.Engine;

public sealed class ClaimAheadTests
{
    private static readonly TimeSpan Claim = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void A_fast_service_gets_what_its_slots_finish_during_two_claims() =>
        Assert.Equal(640, Ahead(TimeSpan.FromMilliseconds(2), 1000));

    [Fact]
    public void A_slow_service_gets_nothing_ahead() => Assert.Equal(0, Ahead(TimeSpan.FromMilliseconds(200), 1000));

    [Fact]
    public void Never_more_than_the_limit() => Assert.Equal(2048, Ahead(TimeSpan.FromMicroseconds(10), 1000));

    [Fact]
    public void Large_inputs_are_held_back_by_their_memory() => Assert.Equal(16, Ahead(TimeSpan.FromMicroseconds(10), 1 << 20));

    [Fact]
    public void Tasks_that_share_calls_are_no_more_than_the_limit() =>
        Assert.Equal(2048 / 32, Ahead(TimeSpan.FromMicroseconds(10), 1000, tasksOfCall: 32));

    [Fact]
    public void The_inputs_of_calls_of_several_tasks_are_held_back_by_the_memory_of_all() =>
        Assert.Equal(4, Ahead(TimeSpan.FromMicroseconds(10), 1 << 20, tasksOfCall: 4));

    [Fact]
    public void An_input_larger_than_that_memory_waits_for_its_slot() =>
        Assert.Equal(0, Ahead(TimeSpan.FromMicroseconds(10), ClaimAhead.MaxBytes + 1));

    [Fact]
    public void One_claim_of_large_inputs_after_many_small_ones_is_enough()
    {
        var ahead = new ClaimAhead(32, 2048);
        ahead.RecordCall(TimeSpan.FromMicroseconds(10));
        for (var i = 0; i < 100; i++) ahead.RecordClaim(Claim, 100, 100, 100 * 1000);

        ahead.RecordClaim(Claim, 100, 100, 100L << 20);

        Assert.Equal(16, ahead.Count);
    }

    private static int Ahead(TimeSpan serviceTime, int bytes, int tasksOfCall = 1)
    {
        var ahead = new ClaimAhead(32, 2048);
        ahead.RecordCall(serviceTime);
        ahead.RecordClaim(Claim, 10, 10 * tasksOfCall, 10L * tasksOfCall * bytes);
        return ahead.Count;
    }
}
