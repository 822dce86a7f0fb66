namespace StashAI.Queue.Model.Jobs;

/// <summary>Which page of jobs to list.</summary>
/// <param name="States">Only these states; empty for all.</param>
/// <param name="Service">Only this service; null for all.</param>
/// <param name="Limit">The most jobs to return.</param>
/// <param name="Offset">How many jobs to skip.</param>
/// <param name="OnlyBatches">True to leave out jobs that were submitted as a single task.</param>
public sealed record JobFilter(IReadOnlyList<JobState> States, string? Service, int Limit, int Offset, bool OnlyBatches = false);
