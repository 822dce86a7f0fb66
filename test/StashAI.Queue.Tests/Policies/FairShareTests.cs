using CsCheck;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Tests.Policies;

public sealed class FairShareTests
{
    private static JobCandidate Job(long key, int priority = 5, long vtime = 0, int weight = 1, int capacity = 100) =>
        new(key, priority, vtime, weight, capacity, 0, 0, capacity, capacity);

    private static LaneCandidate Lane(long key, int room, params JobCandidate[] jobs) => Lane(key, room, isCapped: false, jobs);

    private static LaneCandidate Lane(long key, int room, bool isCapped, params JobCandidate[] jobs)
    {
        var lane = new LaneCandidate(key, 0, new LaneCapacity(room, isCapped, default, false, null));
        lane.Jobs.AddRange(jobs);
        return lane;
    }

    private static string Order(int slots, params LaneCandidate[] lanes) => Order(slots, 0, lanes);

    private static string Order(int slots, int ahead, params LaneCandidate[] lanes)
    {
        var allocation = FairShare.Allocate(slots, ahead, lanes);
        return string.Join(' ', allocation.Picks.Select(pick => pick.Job.Key)) + (allocation.CappedLaneWaits ? " held back" : "");
    }

    [Fact]
    public void Equals_take_turns() => Assert.Equal("1 2 3 1 2 3 1", Order(7, Lane(1, 99, Job(1), Job(2), Job(3))));

    [Fact]
    public void Weight_is_the_share() => Assert.Equal("1 2 2 2 1 2 2 2", Order(8, Lane(1, 99, Job(1), Job(2, weight: 3))));

    [Fact]
    public void The_smallest_virtual_time_comes_first_until_the_others_are_reached() =>
        Assert.Equal("2 2 2 1 2 1", Order(6, Lane(1, 99, Job(1, vtime: 2_500_000), Job(2))));

    [Fact]
    public void A_higher_priority_takes_all_it_can() =>
        Assert.Equal("2 2 2 1 1", Order(5, Lane(1, 99, Job(1), Job(2, priority: 6, vtime: 9_000_000, capacity: 3))));

    [Fact]
    public void Lanes_of_one_priority_get_the_same() =>
        Assert.Equal("1 2 1 2 1 2", Order(6, Lane(1, 99, Job(1)), Lane(2, 99, Job(2), Job(3, vtime: 9_000_000))));

    [Fact]
    public void A_lane_gives_no_more_than_its_room_and_a_job_no_more_than_its_capacity() =>
        Assert.Equal(
            "1 3 1 4", Order(10, Lane(1, 2, Job(1), Job(2, vtime: 5_000_000)), Lane(2, 9, Job(3, capacity: 1), Job(4, capacity: 1))));

    [Fact]
    public void A_lane_with_a_limit_gives_ahead_only_what_it_allows()
    {
        var lane = new LaneCandidate(1, 0, new LaneCapacity(2, true, default, false, null) { AheadCalls = 3 });
        lane.Jobs.Add(Job(1));

        Assert.Equal("1 1 1 1", Order(4, 0, lane));
        Assert.Equal("1 2 1 2 1 2 1 2 1 2", Order(4, 6, lane, Lane(2, 99, Job(2))));
        Assert.Equal("1 1 1 1 1", Order(4, 6, lane));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Without_work_or_slots_nobody_gets_anything(int slots)
    {
        Assert.Equal("", Order(slots));
        Assert.Equal("", Order(slots, Lane(1, 9)));
        Assert.Equal("", Order(slots, Lane(1, 0, Job(1))));
    }

    [Fact]
    public void Ahead_of_the_slots_nothing_comes_from_a_lane_with_a_hard_limit() =>
        Assert.Equal("1 2 2 2 held back", Order(2, 2, Lane(1, 9, isCapped: true, Job(1)), Lane(2, 9, Job(2))));

    [Fact]
    public void A_lane_that_gave_all_it_may_is_not_held_back() =>
        Assert.Equal("1 2 2 2", Order(2, 2, Lane(1, 1, isCapped: true, Job(1)), Lane(2, 9, Job(2))));

    [Fact]
    public void A_higher_priority_goes_first_over_all_lanes()
    {
        Assert.Equal("2 2 1 1", Order(4, Lane(1, 99, Job(1)), Lane(2, 99, Job(2, priority: 6, capacity: 2))));
        Assert.Equal("2 2 1 1", Order(4, Lane(2, 99, Job(2, priority: 6, capacity: 2)), Lane(1, 99, Job(1))));
    }

    [Fact]
    public void Of_lanes_that_got_the_same_the_one_that_waited_longer_comes_first()
    {
        var (one, two, three) = (Lane(1, 99, Job(1)), Lane(2, 99, Job(2)), Lane(3, 99, Job(3)));

        Assert.Equal("2 3 1 2 3 1 2", Order(7, one with { ServedAt = 30 }, two with { ServedAt = 10 }, three with { ServedAt = 20 }));
        Assert.Equal("1 2 3 1", Order(4, one, two, three));
    }

    [Fact]
    public void More_may_be_claimed_ahead_than_there_are_slots() => Assert.Equal("1 1 1 1", Order(1, 3, Lane(1, 9, Job(1))));

    [Fact]
    public void A_call_of_several_tasks_moves_virtual_time_by_all_of_them() =>
        Assert.Equal("1 2 2 2 2 1", Order(6, Lane(1, 99, Job(1) with { PackSize = 4 }, Job(2))));

    [Fact]
    public void A_job_gives_no_more_calls_than_its_tasks_make() =>
        Assert.Equal("1 1 1", Order(9, Lane(1, 99, Job(1, capacity: 10) with { PackSize = 4 })));

    /// <summary>Any number of those that come again may need a call each; how many is only known once they are taken.</summary>
    [Fact]
    public void There_are_as_many_calls_as_the_tasks_may_need() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 30], Gen.Int[0, 30]).Sample((pack, capacity, requeued) =>
        {
            var job = Job(1, capacity: capacity) with { PackSize = pack, Requeued = requeued };
            var alone = Enumerable.Range(0, Math.Min(requeued, capacity) + 1);

            return job.Calls == alone.Max(count => count + (int)Math.Ceiling((capacity - count) / (double)pack));
        });

    [Fact]
    public void The_clock_moves_also_where_no_job_competes() => Assert.Equal(1_000_000, Lane(1, 9).ClockAfter(1));

    [Fact]
    public void The_clock_moves_by_what_was_claimed_over_the_weights() =>
        Assert.Equal(2_000_000, Lane(1, 9, Job(1), Job(2, weight: 3)).ClockAfter(8));

    [Fact]
    public void Virtual_time_does_not_overflow_for_the_biggest_job() =>
        Assert.Equal(16_777_215_000_000, Job(1).VirtualTimeAfter(16_777_215));
}
