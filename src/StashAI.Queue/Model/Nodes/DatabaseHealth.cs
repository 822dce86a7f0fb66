namespace StashAI.Queue.Model.Nodes;

/// <summary>Statistics about what slows a database down over time.</summary>
/// <param name="OldestTransaction">The age of the oldest open transaction or snapshot, which keeps dead rows from being removed.</param>
/// <param name="OldestHolder">The process id and program that hold it, for an operator.</param>
/// <param name="DeadRows">Dead rows in the table with the most dead rows.</param>
/// <param name="LiveRows">Live rows in that table.</param>
/// <param name="Table">The name of that table.</param>
public sealed record DatabaseHealth(TimeSpan OldestTransaction, string? OldestHolder, long DeadRows, long LiveRows, string? Table);
