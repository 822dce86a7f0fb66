using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Sdk;

namespace StashAI.Queue.Policies.Circuits;

/// <summary>
/// The state machine of circuits as a table. A circuit holds back the tasks of a service that is down, so that they use up no attempts,
/// and finds out when the service is back. Events that are not listed for a state change nothing.
/// </summary>
public static class CircuitPolicy
{
    /// <summary>Repeated failures of the same task or job count a quarter: four times as many show that the service is down.</summary>
    private const int RepeatedFailureFactor = 4;

    public static IReadOnlyList<CircuitTransition> Transitions { get; } =
    [
        new(CircuitState.Closed, CircuitEvent.Answered, CircuitState.Closed, CircuitEffect.Reset),
        new(CircuitState.Closed, CircuitEvent.Failed, CircuitState.Closed, CircuitEffect.CountFailure),
        new(CircuitState.Closed, CircuitEvent.FailedTooOften, CircuitState.Open, CircuitEffect.Pause),
        new(CircuitState.Closed, CircuitEvent.ServerError, CircuitState.Closed, CircuitEffect.CountServerError),
        new(CircuitState.Closed, CircuitEvent.ServerErrorTooOften, CircuitState.Doubted, CircuitEffect.ProbeNow),
        new(CircuitState.Doubted, CircuitEvent.Answered, CircuitState.Closed, CircuitEffect.Reset),
        new(CircuitState.Doubted, CircuitEvent.Failed, CircuitState.Doubted, CircuitEffect.CountFailure),
        new(CircuitState.Doubted, CircuitEvent.FailedTooOften, CircuitState.Open, CircuitEffect.Pause),
        new(CircuitState.Doubted, CircuitEvent.ProbeBegun, CircuitState.Doubted, CircuitEffect.HoldProbe),
        new(CircuitState.Doubted, CircuitEvent.ProbeSucceeded, CircuitState.Closed, CircuitEffect.ResetFailures),
        new(CircuitState.Doubted, CircuitEvent.ProbeFailed, CircuitState.Open, CircuitEffect.Pause),
        new(CircuitState.Open, CircuitEvent.ProbeBegun, CircuitState.HalfOpen, CircuitEffect.HoldProbe),
        new(CircuitState.Open, CircuitEvent.TrialBegun, CircuitState.HalfOpen, CircuitEffect.HoldTrial),
        new(CircuitState.HalfOpen, CircuitEvent.Answered, CircuitState.Closed, CircuitEffect.Reset),
        new(CircuitState.HalfOpen, CircuitEvent.ProbeBegun, CircuitState.HalfOpen, CircuitEffect.HoldProbe),
        new(CircuitState.HalfOpen, CircuitEvent.ProbeSucceeded, CircuitState.Closed, CircuitEffect.ResetFailures),
        new(CircuitState.HalfOpen, CircuitEvent.ProbeFailed, CircuitState.Open, CircuitEffect.Pause),
        new(CircuitState.HalfOpen, CircuitEvent.TrialBegun, CircuitState.HalfOpen, CircuitEffect.HoldTrial),
        new(CircuitState.HalfOpen, CircuitEvent.TrialFailed, CircuitState.Open, CircuitEffect.Pause),
    ];

    /// <summary>What the end of an attempt says about its service.</summary>
    public static CircuitSignal SignalOf(AttemptResult result) => (result.Event, result.ErrorKind, result.Call.HttpStatus) switch
    {
        (TaskEvent.Succeed, _, _) => result.IsCached ? CircuitSignal.None : CircuitSignal.Answered,
        (TaskEvent.Release or TaskEvent.AwaitResult or TaskEvent.Abort, _, _) => CircuitSignal.None,
        (TaskEvent.Throttle, _, { }) => CircuitSignal.Answered,
        (_, ErrorKind.Connection or ErrorKind.Timeout, _) => CircuitSignal.Failed,
        (_, _, 502 or 503 or 504) => CircuitSignal.Failed,
        (_, _, >= 500) => CircuitSignal.ServerError,
        (_, _, { }) => CircuitSignal.Answered,
        _ => CircuitSignal.None,
    };

    /// <summary>The event that a signal is for a circuit; null when it has no meaning there.</summary>
    public static CircuitEvent? EventOf(Circuit circuit, CircuitSignal signal, CircuitSettings settings, bool hasHealthPath)
    {
        // Without a health path, there is no way to tell whether a 500 is the service's fault or the item's.
        if (signal == CircuitSignal.ServerError && !hasHealthPath) signal = CircuitSignal.Answered;
        return signal switch
        {
            CircuitSignal.Answered => CircuitEvent.Answered,
            // While a node probes the health path, failures of earlier calls are no news.
            CircuitSignal.Failed when circuit.State == CircuitState.HalfOpen => circuit.Until == 0 ? CircuitEvent.TrialFailed : null,
            CircuitSignal.FailedAgain when circuit.State is CircuitState.HalfOpen or CircuitState.Open =>
                EventOf(circuit, CircuitSignal.Failed, settings, hasHealthPath),
            CircuitSignal.FailedAgain => circuit.Failures + circuit.ServerErrors + 1 >= RepeatedFailureFactor * settings.Failures
                ? CircuitEvent.FailedTooOften
                : CircuitEvent.ServerError,
            CircuitSignal.Failed => circuit.Failures + 1 >= settings.Failures ? CircuitEvent.FailedTooOften : CircuitEvent.Failed,
            CircuitSignal.ServerError => circuit.Failures + circuit.ServerErrors + 1 >= settings.Failures
                ? CircuitEvent.ServerErrorTooOften
                : CircuitEvent.ServerError,
            _ => null,
        };
    }

    /// <summary>
    /// The circuit after an event at <paramref name="now"/> (Unix milliseconds); unchanged when the table does not list the event.
    /// </summary>
    /// <param name="circuit">The circuit before.</param>
    /// <param name="circuitEvent">What happened.</param>
    /// <param name="settings">The service's settings.</param>
    /// <param name="now">The database's clock.</param>
    /// <param name="probeTime">How long a probe of the health path may take.</param>
    public static Circuit After(
        Circuit circuit, CircuitEvent circuitEvent, CircuitSettings settings, long now, TimeSpan probeTime = default)
    {
        foreach (var transition in Transitions)
        {
            if (transition.From != circuit.State || transition.Event != circuitEvent) continue;
            var moved = circuit with { State = transition.To };
            return transition.Effect switch
            {
                CircuitEffect.Reset => new Circuit(transition.To, 0, 0, 0, 0),
                CircuitEffect.ResetFailures => moved with { Failures = 0, ServerErrors = 0, Until = 0 },
                CircuitEffect.CountFailure => moved with { Failures = circuit.Failures + 1 },
                CircuitEffect.CountServerError => moved with { ServerErrors = circuit.ServerErrors + 1 },
                CircuitEffect.ProbeNow => moved with { ServerErrors = circuit.ServerErrors + 1, Until = now },
                CircuitEffect.Pause =>
                    moved with { Pauses = circuit.Pauses + 1, Until = now + (long)PauseAfter(circuit.Pauses, settings).TotalMilliseconds },
                CircuitEffect.HoldProbe => moved with { Until = now + (long)probeTime.TotalMilliseconds },
                _ => moved with { Until = 0 },
            };
        }

        return circuit;
    }

    /// <summary>The length of a pause that follows <paramref name="pauses"/> earlier ones.</summary>
    public static TimeSpan PauseAfter(int pauses, CircuitSettings settings) =>
        TimeSpan.FromSeconds(
            Math.Min(settings.LongestPause.TotalSeconds, settings.FirstPause.TotalSeconds * Math.Pow(2, Math.Clamp(pauses, 0, 60))));
}
