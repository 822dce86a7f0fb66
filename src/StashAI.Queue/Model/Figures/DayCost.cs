namespace StashAI.Queue.Model.Figures;

/// <summary>What calls cost on a day (UTC), by the key that submitted them and the service.</summary>
/// <param name="Day">The day.</param>
/// <param name="Owner">The name of the key; null for callers without one.</param>
/// <param name="Service">The service.</param>
/// <param name="Tasks">How many tasks had a known cost.</param>
/// <param name="Cost">Their sum, in the currency that the service's declaration uses.</param>
public sealed record DayCost(DateOnly Day, string? Owner, string Service, long Tasks, decimal Cost);

/// <summary>Which costs to read.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Owner">One key by its name; null for all callers.</param>
/// <param name="Service">One service; null for all.</param>
public sealed record CostQuery(DateOnly From, DateOnly To, string? Owner, string? Service);
