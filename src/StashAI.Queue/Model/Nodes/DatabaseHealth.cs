namespace StashAI.Queue.Model.Nodes;

/// <summary>What slows a database down over time.</summary>
/// <param name="OldestTransaction">How long the oldest open transaction or snapshot has kept dead rows from being removed.</param>
/// <param name="OldestHolder">Who holds it, for an operator: process id and program.</param>
/// <param name="DeadRows">Dead rows in the table that has most of them.</param>
/// <param name="LiveRows">Live rows of that table.</param>
/// <param name="Table">That table.</param>
public sealed record DatabaseHealth(TimeSpan OldestTransaction, string? OldestHolder, long DeadRows, long LiveRows, string? Table);
