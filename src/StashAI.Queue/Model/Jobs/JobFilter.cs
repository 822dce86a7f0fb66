namespace StashAI.Queue.Model.Jobs;

/// <summary>Which jobs a page shows.</summary>
/// <param name="States">Only these states; empty for all.</param>
/// <param name="Service">Only this service; null for all.</param>
/// <param name="Limit">At most this many.</param>
/// <param name="Offset">After this many.</param>
/// <param name="OnlyBatches">True leaves out the jobs that a task route made for its one task.</param>
public sealed record JobFilter(IReadOnlyList<JobState> States, string? Service, int Limit, int Offset, bool OnlyBatches = false);
