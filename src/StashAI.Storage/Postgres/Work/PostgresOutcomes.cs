using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Storage.Postgres.Work;

/// <summary>The outcomes of one batch, each claim once, and what the circuits make of them.</summary>
internal sealed class PostgresOutcomes
{
    private readonly List<AttemptResult> all = [];

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<AttemptResult> All => all;

    /// <summary>Those that succeeded.</summary>
    public List<AttemptResult> Completed { get; } = [];

    /// <summary>The others, as the circuits leave them.</summary>
    public List<AttemptResult> Others { get; } = [];

    /// <summary>Claims that wait because their service is down, unless a cancel goes before.</summary>
    public HashSet<(long Key, int Fence)> Parked { get; } = [];

    /// <summary>What tasks whose calls broke remember, by their keys.</summary>
    public SortedDictionary<long, RepeatedFailure> Breaks { get; } = [];

    /// <summary>The lanes of all.</summary>
    public long[] Lanes => [.. all.Select(result => result.Task.Job.LaneKey).Distinct().Order()];

    /// <summary>True when what is recorded depends on a circuit or an aggregate, which must be locked and read before.</summary>
    public bool NeedsLock { get; private set; }

    public void Add(AttemptResult result)
    {
        all.Add(result);
        (result.Event == TaskEvent.Succeed ? Completed : Others).Add(result);
        NeedsLock |= result.Part is not null || result.Event is not (TaskEvent.Succeed or TaskEvent.Release or TaskEvent.Abort);
    }

    /// <summary>Tells circuits and aggregates, in order, of the outcomes that count, and parks what the circuits say.</summary>
    public void Settle(IReadOnlyDictionary<(long Key, int Fence), RepeatedFailure> held, PostgresCircuits circuits, PostgresAggregates aggregates)
    {
        Others.Clear();
        foreach (var result in all)
        {
            var task = result.Task;
            var isHeld = held.TryGetValue((task.Key, task.Fence), out var breaker);
            var signal = CircuitPolicy.SignalOf(result);
            if (isHeld && signal == CircuitSignal.Failed)
            {
                var answers = circuits.AnswersOf(task.Job.LaneKey);
                signal = breaker.SignalOf(signal, answers);
                Breaks[task.Key] = breaker.After(answers);
            }

            if (isHeld) circuits.Record(task.Job.LaneKey, signal);
            if (result.Event == TaskEvent.Succeed)
            {
                if (isHeld) aggregates.Add(TaskKey.JobOf(task.Key), result.Part);
                continue;
            }

            if (isHeld && OutcomeRules.MayPark(signal) && circuits.Find(task.Job.LaneKey) is { Circuit: { IsParked: true } circuit, Now: var now })
            {
                Parked.Add((task.Key, task.Fence));
                Others.Add(result with { Event = TaskEvent.Park, Delay = OutcomeRules.ParkDelay(circuit, now, result.Delay) });
                continue;
            }

            Others.Add(result);
        }
    }
}
