using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Tests.Policies;

/// <summary>Suspects run alone (docs/adr/0010). The node that chooses is number 1.</summary>
public sealed class QuarantineTests
{
    private const long Node = 1;
    private const long OtherNode = 2;

    private static readonly Dictionary<long, LaneCapacity> Lanes = new()
    {
        [1] = new LaneCapacity(3, true, default, false, null),
        [2] = new LaneCapacity(0, true, default, false, null),
        [3] = new LaneCapacity(3, true, default, false, null) { IsBlocked = true },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_suspect_there_is_nothing_to_choose(bool isIdle) => Assert.Null(Choose(isIdle).Suspect);

    [Fact]
    public void A_node_that_holds_nothing_takes_the_first_that_nobody_calls_for() =>
        Assert.Equal(new QuarantineChoice(11, true), Choose(true, Of(10, calledBy: OtherNode), Of(11), Of(12)));

    [Fact]
    public void A_node_that_holds_nothing_need_not_wait_for_who_called() =>
        Assert.Equal(new QuarantineChoice(10, true), Choose(true, Of(10, calledBy: OtherNode), Of(11, calledBy: 3)));

    [Fact]
    public void A_node_that_holds_others_calls_for_one_and_lets_them_end() =>
        Assert.Equal(new QuarantineChoice(11, false), Choose(false, Of(10, calledBy: OtherNode), Of(11), Of(12)));

    [Fact]
    public void A_node_that_holds_others_leaves_to_another_what_that_one_calls_for() =>
        Assert.Equal(new QuarantineChoice(null, false), Choose(false, Of(10, calledBy: OtherNode)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_stays_with_the_one_that_it_called_for(bool isIdle) =>
        Assert.Equal(
            new QuarantineChoice(12, isIdle),
            Choose(isIdle, Of(10), Of(11, calledBy: OtherNode), Of(12, calledBy: Node), Of(13, calledBy: Node)));

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public void A_node_waits_for_a_place_for_the_one_that_it_called_for(long lane, int jobRoom) =>
        Assert.Equal(new QuarantineChoice(12, false), Choose(true, Of(10), Of(12, lane, jobRoom, Node)));

    [Theory]
    [InlineData(2, 1, null)]
    [InlineData(1, 0, null)]
    [InlineData(3, 1, null)]
    [InlineData(9, 1, null)]
    [InlineData(2, 1, OtherNode)]
    [InlineData(1, 0, OtherNode)]
    [InlineData(3, 1, OtherNode)]
    [InlineData(3, 1, Node)]
    [InlineData(9, 1, Node)]
    public void What_cannot_run_is_passed_by(long lane, int jobRoom, long? calledBy)
    {
        Assert.Null(Choose(true, Of(10, lane, jobRoom, calledBy)).Suspect);
        Assert.Equal(new QuarantineChoice(11, true), Choose(true, Of(10, lane, jobRoom, calledBy), Of(11)));
        Assert.Equal(new QuarantineChoice(11, false), Choose(false, Of(10, lane, jobRoom, calledBy), Of(11)));
    }

    [Fact]
    public void Other_work_leaves_the_suspects_and_a_place_for_each_that_another_node_calls_for()
    {
        var lane = Lane(room: 5, isCapped: true, Job(1, capacity: 4, available: 10), Job(2, capacity: 3, available: 3));
        Suspect[] suspects =
        [
            Of(TaskKey.From(1, 0)),
            Of(TaskKey.From(1, 1), calledBy: Node),
            Of(TaskKey.From(1, 2), calledBy: OtherNode),
            Of(TaskKey.From(2, 0), calledBy: OtherNode),
            Of(TaskKey.From(3, 0), lane: 2, calledBy: OtherNode),
        ];

        var rest = Quarantine.WithoutSuspects(Node, suspects, lane);

        Assert.Equal(3, rest.Capacity.FreeCalls);
        Assert.Equal([(1L, 3, 7), (2L, 2, 2)], rest.Jobs.Select(job => (job.Key, job.Capacity, job.Available)));
        Assert.Equal(
            (lane.Key, lane.Clock, lane.ServedAt, lane.Priority, lane.PackSizes),
            (rest.Key, rest.Clock, rest.ServedAt, rest.Priority, rest.PackSizes));
    }

    [Fact]
    public void A_job_with_nothing_but_suspects_gives_nothing_to_other_work()
    {
        var lane = Lane(room: 5, isCapped: true, Job(1, 2, available: 2), Job(2, capacity: 1, available: 9), Job(3, 1, available: 1));
        Suspect[] suspects = [Of(TaskKey.From(1, 0)), Of(TaskKey.From(1, 1)), Of(TaskKey.From(2, 0), calledBy: OtherNode)];

        var rest = Quarantine.WithoutSuspects(Node, suspects, lane);

        Assert.Equal(3, Assert.Single(rest.Jobs).Key);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Only_a_lane_with_a_limit_has_a_place_less(bool isCapped, int room)
    {
        var lane = Lane(room: 1, isCapped, Job(1, capacity: 9, available: 9));

        var rest = Quarantine.WithoutSuspects(
            Node, [Of(TaskKey.From(1, 0), calledBy: OtherNode), Of(TaskKey.From(1, 1), calledBy: 3)], lane);

        Assert.Equal(room, rest.Capacity.FreeCalls);
    }

    private static QuarantineChoice Choose(bool isIdle, params Suspect[] suspects) => Quarantine.Choose(Node, isIdle, suspects, Lanes);

    private static Suspect Of(long key, long lane = 1, int jobRoom = 1, long? calledBy = null) => new(key, lane, jobRoom, calledBy);

    private static LaneCandidate Lane(int room, bool isCapped, params JobCandidate[] jobs)
    {
        var lane = new LaneCandidate(1, 77, new LaneCapacity(room, isCapped, default, false, null))
        {
            ServedAt = 5,
            Priority = 6,
            PackSizes = new Dictionary<string, int> { ["echo"] = 2 },
        };
        lane.Jobs.AddRange(jobs);
        return lane;
    }

    private static JobCandidate Job(long key, int capacity, int available) => new(key, 5, 0, 1, capacity, 0, 0, 100, available);
}
