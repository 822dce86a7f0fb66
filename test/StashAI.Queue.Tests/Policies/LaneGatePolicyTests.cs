using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;

namespace StashAI.Queue.Tests.Policies;

public sealed class LaneGatePolicyTests
{
    private const long Now = 50_000;

    private static readonly LaneStatus Free = new() { BlockedUntil = 0, Running = 7 };

    [Fact]
    public void A_lane_without_limits_is_open() =>
        Assert.Equal(new LaneCapacity(int.MaxValue - 7, false, default, false, null), Look(Free));

    [Theory]
    [InlineData(10, 3)]
    [InlineData(7, 0)]
    [InlineData(2, 0)]
    public void The_most_calls_leave_room_for_the_rest(int most, int room)
    {
        var opening = Look(Free with { MaxRunning = most });

        Assert.Equal((room, true), (opening.Room, opening.IsCapped));
    }

    [Theory]
    [InlineData(0, 2.5, 1_000, 2, null)]
    [InlineData(0.4, 1, 100, 0, 500)]
    [InlineData(3, 0.001, 0, 3, null)]
    [InlineData(0, 0.001, 0, 0, 1_000_000)]
    public void Tokens_come_back_with_time_and_fractions_wait(double tokens, double perSecond, long since, int room, int? opensIn)
    {
        var opening = Look(Free with { Rate = new RateLimit(perSecond, 5), Bucket = new TokenBucket(tokens, Now - since) });

        Assert.Equal(room, opening.Room);
        if (opensIn is { } wait) Assert.InRange(opening.OpensIn!.Value.TotalMilliseconds, wait * 0.999, wait);
        else Assert.Null(opening.OpensIn);
    }

    [Fact]
    public void A_lane_that_is_at_its_most_does_not_say_that_time_opens_it()
    {
        var lane = Free with { MaxRunning = 7, Rate = new RateLimit(1), Bucket = new TokenBucket(0, Now) };

        Assert.Equal((0, null), (Look(lane).Room, Look(lane).OpensIn));
    }

    [Fact]
    public void Labels_are_compared_whole_and_all_are_needed()
    {
        var lane = Free with { RequiredLabels = LabelSet.Parse("gpu,zone=eu") };

        Assert.Equal(0, LaneGate.Evaluate(lane, LabelSet.Parse("gpu, zone=e"), Now).Room);
        Assert.NotEqual(0, LaneGate.Evaluate(lane, LabelSet.Parse("zone=eu ,fast, gpu"), Now).Room);
        Assert.Equal("fast,gpu,zone=eu", LabelSet.Parse("zone=eu ,fast, gpu,gpu").ToString());
        Assert.Throws<FormatException>(() => LabelSet.Parse("a b"));
    }

    [Theory]
    [InlineData(CircuitState.Open, 60_000, false, 0, 0, 10_000)]
    [InlineData(CircuitState.Open, 50_000, false, 0, 1, null)]
    [InlineData(CircuitState.Open, 50_000, false, 1, 0, null)]
    [InlineData(CircuitState.Open, 50_000, true, 0, 0, null)]
    [InlineData(CircuitState.HalfOpen, 0, false, 0, 1, null)]
    [InlineData(CircuitState.HalfOpen, 0, false, 1, 0, null)]
    public void A_service_that_is_down_gets_one_task_at_most(CircuitState state, long until, bool hasHealthPath, int running, int room, int? opensIn)
    {
        var lane = Free with { Running = running, Circuit = new Circuit(state, 5, 0, 1, until), HasHealthPath = hasHealthPath };

        var opening = Look(lane);

        Assert.Equal((room, true, true), (opening.Room, opening.IsCapped, opening.IsTrial));
        Assert.Equal(opensIn, (int?)opening.OpensIn?.TotalMilliseconds);
    }

    private static LaneCapacity Look(LaneStatus lane) => LaneGate.Evaluate(lane, LabelSet.Empty, Now);
}
