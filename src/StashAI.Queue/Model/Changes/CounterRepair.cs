using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Changes;

/// <summary>A repair of a job whose counters, or whose cost, were not the sums over its tasks.</summary>
/// <param name="JobId">The job's public id.</param>
/// <param name="Before">The counters as stored.</param>
/// <param name="After">The counters as summed over the tasks.</param>
public sealed record CounterRepair(Guid JobId, JobCounters Before, JobCounters After, ChangeSet Changes)
{
    /// <summary>Prices have nine decimals; a smaller difference comes from where a sum of many digits was rounded.</summary>
    private const decimal LeastCost = 0.000000001m;

    /// <summary>The cost as stored; null for none.</summary>
    public decimal? CostBefore { get; init; }

    /// <summary>The cost as summed over the tasks; null where none has a cost.</summary>
    public decimal? CostAfter { get; init; }

    /// <summary>True when a stored cost is not the sum over the tasks.</summary>
    public static bool IsWrong(decimal? stored, decimal? sum) =>
        stored is null || sum is null ? stored != sum : Math.Abs(stored.Value - sum.Value) >= LeastCost;
}
