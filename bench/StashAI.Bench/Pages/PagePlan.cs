namespace StashAI.Bench.Pages;

/// <summary>What `pages` measures.</summary>
/// <param name="Samples">How often each page is asked for.</param>
/// <param name="Kept">A SQLite file: filled once, and measured on a copy; null to fill one each time.</param>
internal sealed record PagePlan(bool StartsPostgres, int Jobs, int Tasks, int Samples, string? Kept);
