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

    [Fact]
    public void Nothing_but_time_and_an_answer_leads_out_of_open()
    {
        Assert.Equal(
            [CircuitEvent.ProbeBegun, CircuitEvent.TrialBegun],
            CircuitPolicy.Transitions.Where(row => row.From == CircuitState.Open).Select(row => row.Event));
        Assert.Equal(
            [CircuitState.Closed],
            CircuitPolicy.Transitions.Where(row => row.Event is CircuitEvent.Answered or CircuitEvent.ProbeSucceeded).Select(row => row.To).Distinct());
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
    [InlineData(TaskEvent.RetryLater, ErrorKind.ServiceError, 500, CircuitSignal.Suspected)]
    [InlineData(TaskEvent.RetryLater, ErrorKind.AdapterFault, null, CircuitSignal.None)]
    [InlineData(TaskEvent.Fail, ErrorKind.OutboundRefused, null, CircuitSignal.None)]
    [InlineData(TaskEvent.Fail, ErrorKind.InvalidInput, null, CircuitSignal.None)]
    [InlineData(TaskEvent.Release, ErrorKind.None, null, CircuitSignal.None)]
    [InlineData(TaskEvent.Abort, ErrorKind.Cancelled, null, CircuitSignal.None)]
    public void The_end_of_an_attempt_says_what_it_can_of_its_service(TaskEvent taskEvent, ErrorKind kind, int? status, CircuitSignal expected)
    {
        var result = new AttemptResult { Task = null!, Event = taskEvent, ErrorKind = kind, Call = new CallReport(status) };

        Assert.Equal(expected, CircuitPolicy.SignalOf(result));
    }

    [Fact]
    public void A_500_counts_only_where_a_health_path_can_be_asked()
    {
        var circuit = new Circuit(CircuitState.Closed, 1, 1, 0, 0);

        Assert.Equal(CircuitEvent.SuspectedTooOften, CircuitPolicy.EventOf(circuit, CircuitSignal.Suspected, Settings, hasHealthPath: true));
        Assert.Equal(CircuitEvent.Answered, CircuitPolicy.EventOf(circuit, CircuitSignal.Suspected, Settings, hasHealthPath: false));
        Assert.Null(CircuitPolicy.EventOf(circuit, CircuitSignal.None, Settings, hasHealthPath: true));
    }
}
