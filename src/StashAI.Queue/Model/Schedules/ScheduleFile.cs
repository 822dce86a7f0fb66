namespace StashAI.Queue.Model.Schedules;

/// <summary>A file as a run of a schedule saw it.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">When it was changed last, in ticks of UTC.</param>
public readonly record struct ScheduleFile(string Path, long Size, long Modified);
