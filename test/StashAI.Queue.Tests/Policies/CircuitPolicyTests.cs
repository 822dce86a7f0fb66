using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;

namespace StashAI.Queue.Tests.Policies;

public sealed class CircuitPolicyTests
{
    private const long Now = 1_000_000;

    private static readonly CircuitSettings Settings =
        new() { Failures = 3, FirstPause = TimeSpan.FromSeconds(4), LongestPause = TimeSpan.FromSeconds(30) };

    public static MatrixTheoryData<CircuitState, CircuitEvent> Pairs { get; } =
        new(Enum.GetValues<CircuitState>(), Enum.GetValues<CircuitEvent>());

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_of_state_and_event_has_one_meaning_or_none(CircuitState state, CircuitEvent circuitEvent)
    {
        var before = new Circuit(state, 1, 1, 1, 77);
        var rows = CircuitPolicy.Transitions.Where(row => row.From == state && row.Event == circuitEvent).ToList();

        var after = CircuitPolicy.After(before, circuitEvent, Settings, Now, TimeSpan.FromSeconds(1));

        Assert.InRange(rows.Count, 0, 1);
        if (rows.Count == 0) Assert.Equal(before, after);
        else Assert.Equal(rows[0].To, after.State);
    }

    // What each row leaves of a circuit with one failure, one 500 and one pause, which is over at 77. The next pause is 8 s; a probe holds
    // for 1 s.
    [Theory]
    [InlineData(CircuitState.Closed, CircuitEvent.Answered, CircuitState.Closed, 0, 0, 0, 0)]
    [InlineData(CircuitState.Closed, CircuitEvent.Failed, CircuitState.Closed, 2, 1, 1, 77)]
    [InlineData(CircuitState.Closed, CircuitEvent.FailedTooOften, CircuitState.Open, 1, 1, 2, Now + 8_000)]
    [InlineData(CircuitState.Closed, CircuitEvent.ServerError, CircuitState.Closed, 1, 2, 1, 77)]
    [InlineData(CircuitState.Closed, CircuitEvent.ServerErrorTooOften, CircuitState.Doubted, 1, 2, 1, Now)]
    [InlineData(CircuitState.Doubted, CircuitEvent.Answered, CircuitState.Closed, 0, 0, 0, 0)]
    [InlineData(CircuitState.Doubted, CircuitEvent.Failed, CircuitState.Doubted, 2, 1, 1, 77)]
    [InlineData(CircuitState.Doubted, CircuitEvent.FailedTooOften, CircuitState.Open, 1, 1, 2, Now + 8_000)]
    [InlineData(CircuitState.Doubted, CircuitEvent.ProbeBegun, CircuitState.Doubted, 1, 1, 1, Now + 1_000)]
    [InlineData(CircuitState.Doubted, CircuitEvent.ProbeSucceeded, CircuitState.Closed, 0, 0, 1, 0)]
    [InlineData(CircuitState.Doubted, CircuitEvent.ProbeFailed, CircuitState.Open, 1, 1, 2, Now + 8_000)]
    [InlineData(CircuitState.Open, CircuitEvent.ProbeBegun, CircuitState.HalfOpen, 1, 1, 1, Now + 1_000)]
    [InlineData(CircuitState.Open, CircuitEvent.TrialBegun, CircuitState.HalfOpen, 1, 1, 1, 0)]
    [InlineData(CircuitState.HalfOpen, CircuitEvent.Answered, CircuitState.Closed, 0, 0, 0, 0)]
    [InlineData(CircuitState.HalfOpen, CircuitEvent.ProbeBegun, CircuitState.HalfOpen, 1, 1, 1, Now + 1_000)]
    [InlineData(CircuitState.HalfOpen, CircuitEvent.ProbeSucceeded, CircuitState.Closed, 0, 0, 1, 0)]
    [InlineData(CircuitState.HalfOpen, CircuitEvent.ProbeFailed, CircuitState.Open, 1, 1, 2, Now + 8_000)]
    [InlineData(CircuitState.HalfOpen, CircuitEvent.TrialBegun, CircuitState.HalfOpen, 1, 1, 1, 0)]
    [InlineData(CircuitState.HalfOpen, CircuitEvent.TrialFailed, CircuitState.Open, 1, 1, 2, Now + 8_000)]
    public void Each_row_counts_pauses_and_holds_what_it_says(
        CircuitState state, CircuitEvent circuitEvent, CircuitState to, int failures, int suspects, int pauses, long until) =>
        Assert.Equal(
            new Circuit(to, failures, suspects, pauses, until),
            CircuitPolicy.After(new Circuit(state, 1, 1, 1, 77), circuitEvent, Settings, Now, TimeSpan.FromSeconds(1)));

    /// <summary>The rules of docs/state-machine.md for whatever was counted since the last answer; the limit is 3.</summary>
    [Fact]
    public void Failures_500s_and_tasks_that_failed_before_weigh_as_documented()
    {
        foreach (var state in (CircuitState[])[CircuitState.Closed, CircuitState.Doubted])
        {
            for (var counted = 0; counted < 20 * 20; counted++)
            {
                var circuit = new Circuit(state, counted % 20, counted / 20, 0, 0);
                var (failed, all) = (circuit.Failures + 1, circuit.Failures + circuit.ServerErrors + 1);

                Assert.Equal(failed < 3 ? CircuitEvent.Failed : CircuitEvent.FailedTooOften, EventOf(circuit, CircuitSignal.Failed));
                Assert.Equal(
                    all < 12 ? CircuitEvent.ServerError : CircuitEvent.FailedTooOften, EventOf(circuit, CircuitSignal.FailedAgain));
                Assert.Equal(
                    all < 3 ? CircuitEvent.ServerError : CircuitEvent.ServerErrorTooOften, EventOf(circuit, CircuitSignal.ServerError));
                Assert.Equal(CircuitEvent.Answered, EventOf(circuit, CircuitSignal.Answered));
            }
        }
    }

    [Theory]
    [InlineData(CircuitSignal.Failed)]
    [InlineData(CircuitSignal.FailedAgain)]
    public void While_it_is_half_open_only_the_call_that_tries_can_fail(CircuitSignal sign)
    {
        Assert.Equal(CircuitEvent.TrialFailed, EventOf(new Circuit(CircuitState.HalfOpen, 0, 0, 1, 0), sign));
        Assert.Null(EventOf(new Circuit(CircuitState.HalfOpen, 0, 0, 1, Now), sign));
        Assert.Null(EventOf(new Circuit(CircuitState.HalfOpen, 9, 9, 1, Now), sign));
    }

    /// <summary>What was called before it opened may still end; that neither closes it nor makes its pause longer.</summary>
    [Theory]
    [InlineData(CircuitSignal.Failed)]
    [InlineData(CircuitSignal.FailedAgain)]
    [InlineData(CircuitSignal.ServerError)]
    [InlineData(CircuitSignal.Answered)]
    public void Calls_from_before_change_nothing_of_an_open_circuit(CircuitSignal sign)
    {
        var open = new Circuit(CircuitState.Open, 3, 0, 1, Now);

        Assert.Equal(open, EventOf(open, sign) is { } heard ? CircuitPolicy.After(open, heard, Settings, Now) : open);
    }

    [Fact]
    public void Nothing_but_time_and_an_answer_leads_out_of_open()
    {
        Assert.Equal(
            [CircuitEvent.ProbeBegun, CircuitEvent.TrialBegun],
            CircuitPolicy.Transitions.Where(row => row.From == CircuitState.Open).Select(row => row.Event));
        Assert.Equal(
            [CircuitState.Closed],
            CircuitPolicy.Transitions.Where(row => row.Event is CircuitEvent.Answered or CircuitEvent.ProbeSucceeded)
                .Select(row => row.To).Distinct());
    }

    [Fact]
    public void Pauses_double_to_the_longest_and_only_an_answer_makes_them_short_again()
    {
        var circuit = default(Circuit);
        var pauses = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            circuit = CircuitPolicy.After(circuit, CircuitEvent.FailedTooOften, Settings, Now);
            pauses.Add((circuit.Until - Now) / 1000);
            circuit = CircuitPolicy.After(circuit, CircuitEvent.ProbeBegun, Settings, Now, TimeSpan.FromSeconds(1));
            circuit = CircuitPolicy.After(circuit, CircuitEvent.ProbeSucceeded, Settings, Now);
        }

        Assert.Equal([4, 8, 16, 30, 30], pauses);
        Assert.Equal(default, CircuitPolicy.After(circuit, CircuitEvent.Answered, Settings, Now));
    }

    [Theory]
    [InlineData(TaskEvent.Succeed, ErrorKind.None, 200, CircuitSignal.Answered)]
    [InlineData(TaskEvent.Fail, ErrorKind.Rejected, 422, CircuitSignal.Answered)]
    [InlineData(TaskEvent.RetryLater, ErrorKind.InvalidAnswer, 200, CircuitSignal.Answered)]
    [InlineData(TaskEvent.Throttle, ErrorKind.Throttled, 429, CircuitSignal.Answered)]
    [InlineData(TaskEvent.Throttle, ErrorKind.Throttled, null, CircuitSignal.None)]
    [InlineData(TaskEvent.RetryLater, ErrorKind.Connection, null, CircuitSignal.Failed)]
    [InlineData(TaskEvent.Fail, ErrorKind.Timeout, null, CircuitSignal.Failed)]
    [InlineData(TaskEvent.RetryLater, ErrorKind.ServiceError, 502, CircuitSignal.Failed)]
    [InlineData(TaskEvent.RetryLater, ErrorKind.ServiceError, 503, CircuitSignal.Failed)]
    [InlineData(TaskEvent.RetryLater, ErrorKind.ServiceError, 504, CircuitSignal.Failed)]
    [InlineData(TaskEvent.RetryLater, ErrorKind.ServiceError, 500, CircuitSignal.ServerError)]
    [InlineData(TaskEvent.RetryLater, ErrorKind.ServiceError, 501, CircuitSignal.ServerError)]
    [InlineData(TaskEvent.Fail, ErrorKind.Rejected, 499, CircuitSignal.Answered)]
    [InlineData(TaskEvent.RetryLater, ErrorKind.AdapterFault, null, CircuitSignal.None)]
    [InlineData(TaskEvent.Fail, ErrorKind.OutboundRefused, null, CircuitSignal.None)]
    [InlineData(TaskEvent.Fail, ErrorKind.InvalidInput, null, CircuitSignal.None)]
    [InlineData(TaskEvent.Release, ErrorKind.None, null, CircuitSignal.None)]
    [InlineData(TaskEvent.Abort, ErrorKind.Cancelled, null, CircuitSignal.None)]
    public void The_end_of_an_attempt_says_what_it_can_of_its_service(
        TaskEvent taskEvent, ErrorKind kind, int? status, CircuitSignal expected)
    {
        var result = new AttemptResult { Task = null!, Event = taskEvent, ErrorKind = kind, Call = new CallReport(status) };

        Assert.Equal(expected, CircuitPolicy.SignalOf(result));
    }

    [Fact]
    public void A_500_counts_only_where_a_health_path_can_be_asked()
    {
        var circuit = new Circuit(CircuitState.Closed, 1, 1, 0, 0);

        Assert.Equal(
            CircuitEvent.ServerErrorTooOften, CircuitPolicy.EventOf(circuit, CircuitSignal.ServerError, Settings, hasHealthPath: true));
        Assert.Equal(CircuitEvent.Answered, CircuitPolicy.EventOf(circuit, CircuitSignal.ServerError, Settings, hasHealthPath: false));
        Assert.Null(CircuitPolicy.EventOf(circuit, CircuitSignal.None, Settings, hasHealthPath: true));
    }

    private static CircuitEvent? EventOf(Circuit circuit, CircuitSignal sign) =>
        CircuitPolicy.EventOf(circuit, sign, Settings, hasHealthPath: true);
}
