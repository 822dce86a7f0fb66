using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Storage.Postgres.Subjects;
using StashAI.Storage.Postgres.Units;

namespace StashAI.Storage.Postgres.Work;

/// <summary>The outcomes of one batch, one per claim, and how circuits change them.</summary>
internal sealed class PostgresOutcomes
{
    private readonly List<AttemptResult> all = [];

    /// <summary>All outcomes, in the order in which they arrived.</summary>
    public IReadOnlyList<AttemptResult> All => all;

    /// <summary>The outcomes that succeeded.</summary>
    public List<AttemptResult> Completed { get; } = [];

    /// <summary>The other outcomes, as changed by the circuits.</summary>
    public List<AttemptResult> Others { get; } = [];

    /// <summary>Claims whose tasks are parked because their service is down, unless they are cancelled.</summary>
    public HashSet<(long Key, int Fence)> Parked { get; } = [];

    /// <summary>What tasks with failed calls remember, by task key.</summary>
    public SortedDictionary<long, RepeatedFailure> Failures { get; } = [];

    /// <summary>How many calls that were not made go back to the rate limits of lanes, by lane key.</summary>
    public SortedDictionary<long, int> Tokens { get; } = [];

    /// <summary>The lanes of all outcomes.</summary>
    public long[] Lanes => [.. all.Select(result => result.Task.Job.LaneKey).Distinct().Order()];

    /// <summary>
    /// True when an outcome depends on a circuit or an aggregate, which must be locked and read first, or shows something, which must be
    /// stored only if the outcome is.
    /// </summary>
    public bool NeedsLock { get; private set; }

    public void Add(AttemptResult result)
    {
        all.Add(result);
        (result.Event == TaskEvent.Succeed ? Completed : Others).Add(result);
        NeedsLock |= result.Part is not null || result.Subjects.Count > 0
            || result.Event is not (TaskEvent.Succeed or TaskEvent.Release or TaskEvent.AwaitResult or TaskEvent.Abort)
            || OutcomeRules.ReturnsTokens(result);
    }

    /// <summary>Applies the valid outcomes to circuits, aggregates and subjects in order, and parks tasks whose circuit is open.</summary>
    public void Settle(
        IReadOnlyDictionary<(long Key, int Fence), RepeatedFailure> held, PostgresCircuits circuits, PostgresAggregates aggregates,
        PostgresSubjects subjects)
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
                Failures[task.Key] = breaker.After(answers);
            }

            if (isHeld && OutcomeRules.ReturnsTokens(result))
                Tokens[task.Job.LaneKey] = Tokens.GetValueOrDefault(task.Job.LaneKey) + 1;
            if (isHeld) circuits.Record(task.Job.LaneKey, signal);
            if (result.Event == TaskEvent.Succeed)
            {
                if (!isHeld) continue;
                aggregates.Add(TaskKey.JobOf(task.Key), result.Part);
                subjects.Replace(task.Key, result.Subjects);
                continue;
            }

            if (isHeld && OutcomeRules.MayPark(signal)
                && circuits.Find(task.Job.LaneKey) is { Circuit: { IsParked: true } circuit, Now: var now })
            {
                Parked.Add((task.Key, task.Fence));
                Others.Add(result with { Event = TaskEvent.Park, Delay = OutcomeRules.ParkDelay(circuit, now, result.Delay) });
                continue;
            }

            Others.Add(result);
        }
    }
}
