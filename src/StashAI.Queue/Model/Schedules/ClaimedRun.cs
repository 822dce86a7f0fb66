namespace StashAI.Queue.Model.Schedules;

/// <summary>A run that a process works on until its lease is over.</summary>
public sealed record ClaimedRun(Schedule Schedule, ScheduleRun Run);
