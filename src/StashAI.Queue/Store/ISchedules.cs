using StashAI.Queue.Model.Schedules;

namespace StashAI.Queue.Store;

/// <summary>
/// Jobs that repeat. A due moment becomes a run exactly once; one process at a time works on a run, until its lease is over.
/// </summary>
public interface ISchedules
{
    /// <summary>The runs that a schedule keeps.</summary>
    const int KeptRuns = 500;

    /// <summary>The reason of a run that is skipped because at most one may wait.</summary>
    const string AnotherWaits = "Another run of this schedule waits already.";

    /// <summary>Stores a new schedule; null when another has its name.</summary>
    Task<Schedule?> AddScheduleAsync(Schedule schedule, CancellationToken cancellationToken);

    Task<Schedule?> FindScheduleAsync(Guid id, CancellationToken cancellationToken);

    Task<Schedule?> FindScheduleAsync(string name, CancellationToken cancellationToken);

    /// <summary>Schedules with a key below <paramref name="before"/>, newest first.</summary>
    Task<IReadOnlyList<Schedule>> ListSchedulesAsync(long before, int limit, CancellationToken cancellationToken);

    /// <summary>Stores a changed schedule, unless it has another version by now.</summary>
    /// <param name="schedule">The schedule with its changes, and the version that was read.</param>
    /// <param name="forgetFiles">True when files that were submitted count as new again.</param>
    /// <param name="cancellationToken">Cancels the write before it begins.</param>
    Task<ScheduleSave> SaveScheduleAsync(Schedule schedule, bool forgetFiles, CancellationToken cancellationToken);

    /// <summary>Removes a schedule with its history; false when there is none. Its jobs stay.</summary>
    Task<bool> RemoveScheduleAsync(long schedule, CancellationToken cancellationToken);

    /// <summary>Runs of a schedule with a key below <paramref name="before"/>, newest first.</summary>
    Task<IReadOnlyList<ScheduleRun>> ListRunsAsync(long schedule, long before, int limit, CancellationToken cancellationToken);

    /// <summary>Adds a run that a person asks for; null when the schedule is gone. It is skipped when another run waits.</summary>
    Task<ScheduleRun?> AskRunAsync(long schedule, CancellationToken cancellationToken);

    /// <summary>The next moment of any schedule that is not paused, and whether any run is open.</summary>
    Task<(DateTimeOffset? Due, bool HasOpenRuns)> ReadNextAsync(CancellationToken cancellationToken);

    /// <summary>Schedules whose moment has come.</summary>
    Task<IReadOnlyList<Schedule>> ListDueAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a run of the moment that has come, and sets the next one. False when another process did, or when the schedule was changed.
    /// The run is skipped when another run waits.
    /// </summary>
    Task<bool> BeginRunAsync(Schedule due, DateTimeOffset? next, CancellationToken cancellationToken);

    /// <summary>Takes an open run that no other process works on, the oldest of its schedule; null when there is none.</summary>
    Task<ClaimedRun?> TakeRunAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Renews the lease of a run; false when another process has taken it.</summary>
    Task<bool> RenewRunAsync(long run, Guid worker, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives a run back, to be taken again after <paramref name="delay"/>.</summary>
    Task PostponeRunAsync(long run, Guid worker, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a run with its state, job, items and reason. The files that were planned for it count as submitted if it submitted a job.
    /// False when another process has taken it.
    /// </summary>
    Task<bool> FinishRunAsync(Guid worker, ScheduleRun run, CancellationToken cancellationToken);

    /// <summary>The files that runs of a schedule have submitted.</summary>
    Task<IReadOnlyList<ScheduleFile>> ListFilesAsync(long schedule, CancellationToken cancellationToken);

    /// <summary>
    /// Stores which files a run is about to submit, in place of what was planned for it before. False when another process has taken it.
    /// </summary>
    /// <param name="worker">The process that works on it.</param>
    /// <param name="run">The run.</param>
    /// <param name="files">What it is about to submit.</param>
    /// <param name="forgotten">Paths that count as new when they come again.</param>
    /// <param name="cancellationToken">Cancels the write before it begins.</param>
    Task<bool> PlanFilesAsync(
        Guid worker, long run, IReadOnlyList<ScheduleFile> files, IReadOnlyList<string> forgotten, CancellationToken cancellationToken);

    /// <summary>The job that was submitted with an idempotency key, and its number of tasks; null for none.</summary>
    Task<(Guid JobId, int Items)?> FindJobAsync(string idempotencyKey, CancellationToken cancellationToken);
}
