namespace StashAI.Queue.Model.Schedules;

/// <summary>A run that a process works on until its lease is over.</summary>
/// <param name="Schedule">Its schedule.</param>
/// <param name="Run">The run.</param>
/// <param name="Worker">The process.</param>
public sealed record ClaimedRun(Schedule Schedule, ScheduleRun Run, Guid Worker);
