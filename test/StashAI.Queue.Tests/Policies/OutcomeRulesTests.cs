using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Queue.Tests.Policies;

public sealed class OutcomeRulesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(1, 3, TaskEvent.RetryLater)]
    [InlineData(2, 3, TaskEvent.RetryLater)]
    [InlineData(3, 3, TaskEvent.Fail)]
    [InlineData(4, 3, TaskEvent.Fail)]
    public void A_failure_is_retried_while_attempts_are_left(int attempt, int maxAttempts, TaskEvent expected) =>
        Assert.Equal(expected, OutcomeRules.AfterFailure(attempt, maxAttempts));

    [Fact]
    public void A_service_may_ask_for_any_wait_and_gets_one_between_zero_and_the_longest_pause()
    {
        Assert.Null(OutcomeRules.ThrottleDelay(null, Hour));
        Assert.Equal(TimeSpan.Zero, OutcomeRules.ThrottleDelay(TimeSpan.FromSeconds(-1), Hour));
        Assert.Equal(TimeSpan.FromSeconds(7), OutcomeRules.ThrottleDelay(TimeSpan.FromSeconds(7), Hour));
        Assert.Equal(Hour, OutcomeRules.ThrottleDelay(TimeSpan.MaxValue, Hour));
    }

    [Theory]
    [InlineData(TaskEvent.Throttle, 24 * 3600 * 1000L)]
    [InlineData(TaskEvent.RetryLater, 365 * 24 * 3600 * 1000L)]
    [InlineData(TaskEvent.Park, 365 * 24 * 3600 * 1000L)]
    public void A_stored_delay_stays_within_the_limits_of_its_event(TaskEvent taskEvent, long longest)
    {
        Assert.Equal(0, OutcomeRules.StoredDelayMs(taskEvent, TimeSpan.FromSeconds(-1)));
        Assert.Equal(1500, OutcomeRules.StoredDelayMs(taskEvent, TimeSpan.FromMilliseconds(1500)));
        Assert.Equal(longest, OutcomeRules.StoredDelayMs(taskEvent, TimeSpan.MaxValue));
    }

    [Theory]
    [InlineData(CircuitSignal.None, false)]
    [InlineData(CircuitSignal.Answered, false)]
    [InlineData(CircuitSignal.Failed, true)]
    [InlineData(CircuitSignal.FailedAgain, true)]
    [InlineData(CircuitSignal.ServerError, true)]
    public void Only_a_failure_of_the_service_parks_a_task(CircuitSignal signal, bool expected) =>
        Assert.Equal(expected, OutcomeRules.MayPark(signal));

    [Theory]
    [InlineData(10_000, 4_000, 0, 7_000)]
    [InlineData(10_000, 4_000, 2_500, 8_500)]
    [InlineData(10_000, 12_000, 500, 1_000)]
    public void A_parked_task_waits_for_the_circuit_and_then_at_least_a_second(long until, long now, int delay, int expected) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(expected),
            OutcomeRules.ParkDelay(new Circuit(CircuitState.Open, 0, 0, 1, until), now, TimeSpan.FromMilliseconds(delay)));

    [Fact]
    public void A_message_is_kept_up_to_two_thousand_characters()
    {
        Assert.Equal(new string('x', 2000), OutcomeRules.Shorten(new string('x', 2000)));
        Assert.Equal(new string('x', 2000), OutcomeRules.Shorten(new string('x', 2001)));
    }

    [Fact]
    public void A_throttled_task_without_a_named_time_waits_at_least_half_of_the_backoff()
    {
        var policy = new RetryPolicy(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));

        Assert.Equal(TimeSpan.FromSeconds(2), policy.ThrottleDelayAfter(2, 0));
        Assert.Equal(TimeSpan.FromSeconds(3), policy.ThrottleDelayAfter(2, 0.5));
    }
}
