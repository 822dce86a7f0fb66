using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Work;
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

        Assert.Equal((room, true), (opening.FreeCalls, opening.IsCapped));
    }

    [Theory]
    [InlineData(10, 7, 6, 3, 6)] // limit 10, running 7 as recorded: 3 free, and 16 - 7 - 3 more ahead
    [InlineData(10, 12, 6, 0, 4)] // some that run are claimed ahead
    [InlineData(10, 14, 6, 0, 0)] // too few to be worth a claim
    [InlineData(10, 7, 0, 3, 0)] // the service is slow: nothing ahead
    public void The_only_node_gets_some_beyond_the_limit(int most, int held, int ahead, int free, int more)
    {
        var opening = Look(Free with { MaxRunning = most, Running = held, Lead = new LaneLead(held, ahead) });

        Assert.Equal((free, more, true), (opening.FreeCalls, opening.AheadCalls, opening.IsCapped));
    }

    [Fact]
    public void Calls_that_have_ended_and_are_not_recorded_yet_do_not_keep_the_only_node_from_more()
    {
        var opening = Look(Free with { MaxRunning = 10, Running = 30, Lead = new LaneLead(4, 6) });

        Assert.Equal((0, 12), (opening.FreeCalls, opening.AheadCalls));
    }

    [Fact]
    public void Nothing_goes_ahead_of_a_rate_or_a_trial()
    {
        var lane = Free with { MaxRunning = 10, Lead = new LaneLead(7, 50) };

        Assert.Equal(0, Look(lane with { Rate = new RateLimit(1, 5), Bucket = new TokenBucket(5, Now) }).AheadCalls);
        Assert.Equal(0, Look(lane with { Circuit = new Circuit(CircuitState.Open, 1, 0, 1, Now - 1) }).AheadCalls);
        Assert.Equal(0, Look(lane with { Circuit = new Circuit(CircuitState.Closed, 0, 0, 1, 0) }).AheadCalls);
    }

    [Theory]
    [InlineData(0, 2.5, 1_000, 2, null)]
    [InlineData(0.4, 1, 100, 0, 500)]
    [InlineData(3, 0.001, 0, 3, null)]
    [InlineData(0, 0.001, 0, 0, 1_000_000)]
    public void Tokens_come_back_with_time_and_fractions_wait(double tokens, double perSecond, long since, int room, int? opensIn)
    {
        var opening = Look(Free with { Rate = new RateLimit(perSecond, 5), Bucket = new TokenBucket(tokens, Now - since) });

        Assert.Equal(room, opening.FreeCalls);
        if (opensIn is { } wait) Assert.InRange(opening.OpensIn!.Value.TotalMilliseconds, wait * 0.999, wait);
        else Assert.Null(opening.OpensIn);
    }

    [Fact]
    public void A_lane_that_is_at_its_most_does_not_say_that_time_opens_it()
    {
        var lane = Free with { MaxRunning = 7, Rate = new RateLimit(1), Bucket = new TokenBucket(0, Now) };

        Assert.Equal((0, null), (Look(lane).FreeCalls, Look(lane).OpensIn));
    }

    [Fact]
    public void Labels_are_compared_whole_and_all_are_needed()
    {
        var lane = Free with { RequiredLabels = LabelSet.Parse("gpu,zone=eu") };

        Assert.Equal(0, LaneGate.Evaluate(lane, LabelSet.Parse("gpu, zone=e"), Now).FreeCalls);
        Assert.NotEqual(0, LaneGate.Evaluate(lane, LabelSet.Parse("zone=eu ,fast, gpu"), Now).FreeCalls);
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
    public void A_service_that_is_down_gets_one_task_at_most(
        CircuitState state, long until, bool hasHealthPath, int running, int room, int? opensIn)
    {
        var lane = Free with { Running = running, Circuit = new Circuit(state, 5, 0, 1, until), HasHealthPath = hasHealthPath };

        var opening = Look(lane);

        Assert.Equal((room, true, true), (opening.FreeCalls, opening.IsCapped, opening.IsTrial));
        Assert.Equal(opensIn, (int?)opening.OpensIn?.TotalMilliseconds);
    }

    [Theory]
    [InlineData(Now - 1, null)]
    [InlineData(Now, null)]
    [InlineData(Now + 1, 1)]
    [InlineData(Now + 9_000, 9_000)]
    public void A_lane_whose_service_asked_to_wait_is_shut_until_then(long until, int? opensIn)
    {
        var opening = Look(Free with { BlockedUntil = until });

        Assert.Equal((opensIn is not null, opensIn is null), (opening.IsBlocked, opening.FreeCalls > 0));
        Assert.Equal(opensIn, (int?)opening.OpensIn?.TotalMilliseconds);
    }

    [Fact]
    public void Time_does_not_open_a_lane_whose_labels_a_node_lacks()
    {
        var opening = Look(Free with { RequiredLabels = LabelSet.Parse("gpu"), BlockedUntil = Now + 1 });

        Assert.Equal((0, true, null), (opening.FreeCalls, opening.IsBlocked, opening.OpensIn));
    }

    [Theory]
    [InlineData(CircuitState.Closed, 0, 1)]
    [InlineData(CircuitState.Closed, 1, 0)]
    [InlineData(CircuitState.Closed, 4, 0)]
    [InlineData(CircuitState.Doubted, 0, 1)]
    public void After_the_health_path_said_yes_one_call_at_a_time_is_made(CircuitState state, int running, int room)
    {
        var opening = Look(Free with { Running = running, MaxRunning = 9, Circuit = new Circuit(state, 0, 0, 2, 0), HasHealthPath = true });

        Assert.Equal((room, true, false, false), (opening.FreeCalls, opening.IsCapped, opening.IsTrial, opening.IsBlocked));
    }

    /// <summary>Until a call is answered, whatever it says of the service, the next one goes to another place in the queue.</summary>
    [Theory]
    [InlineData(CircuitSignal.Failed)]
    [InlineData(CircuitSignal.FailedAgain)]
    [InlineData(CircuitSignal.ServerError)]
    public void Each_call_after_the_health_path_said_yes_goes_to_another_place(CircuitSignal sign)
    {
        var settings = new CircuitSettings();
        var circuit = CircuitPolicy.After(new Circuit(CircuitState.HalfOpen, 5, 0, 1, Now), CircuitEvent.ProbeSucceeded, settings, Now);
        var turns = new List<int?>();
        while (circuit.State == CircuitState.Closed)
        {
            turns.Add(Look(Free with { Circuit = circuit, HasHealthPath = true }).TrialNumber);
            circuit = CircuitPolicy.After(circuit, CircuitPolicy.EventOf(circuit, sign, settings, true)!.Value, settings, Now);
        }

        Assert.Equal(Enumerable.Range(1, turns.Count).Cast<int?>(), turns);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Each_trial_goes_to_another_place(int pauses) =>
        Assert.Equal(pauses, Look(Free with { Running = 0, Circuit = new Circuit(CircuitState.Open, 5, 2, pauses, 0) }).TrialNumber);

    [Fact]
    public void A_service_that_answers_is_tried_nowhere_in_particular()
    {
        Assert.Null(Look(Free with { Circuit = new Circuit(CircuitState.Closed, 2, 2, 0, 0) }).TrialNumber);
        Assert.Null(Look(Free with { Circuit = new Circuit(CircuitState.Doubted, 2, 2, 0, 0) }).TrialNumber);
    }

    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(0.5, 0, null)]
    public void A_service_on_trial_keeps_its_rate(double tokens, int room, int? turn)
    {
        var opening = Look(Free with
        {
            Running = 0,
            Rate = new RateLimit(1, 5),
            Bucket = new TokenBucket(tokens, Now),
            Circuit = new Circuit(CircuitState.Open, 5, 0, 3, 0),
        });

        Assert.Equal((room, turn), (opening.FreeCalls, opening.TrialNumber));
    }

    [Fact]
    public void A_trial_that_is_under_way_shuts_the_lane_and_a_limit_that_is_reached_does_not()
    {
        Assert.True(Look(Free with { Running = 1, Circuit = new Circuit(CircuitState.HalfOpen, 5, 0, 1, 0) }).IsBlocked);
        Assert.False(Look(Free with { Running = 0, Circuit = new Circuit(CircuitState.HalfOpen, 5, 0, 1, 0) }).IsBlocked);
        Assert.False(Look(Free with { MaxRunning = 7 }).IsBlocked);
    }

    private static LaneCapacity Look(LaneStatus lane) => LaneGate.Evaluate(lane, LabelSet.Empty, Now);
}
