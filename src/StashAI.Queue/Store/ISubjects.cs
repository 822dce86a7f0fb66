using StashAI.Queue.Model.Subjects;

namespace StashAI.Queue.Store;

/// <summary>
/// Who or what results show (<see cref="Sdk.IResultSubjects"/>), as it is stored with them: in the same transaction, and removed with them.
/// Jobs that are being removed are not read.
/// </summary>
public interface ISubjects
{
    /// <summary>The most tasks, or jobs, over which a total is counted.</summary>
    const int MaxCounted = 10_000;

    /// <summary>The most tasks of a subject over which the others that they show are counted: those with the best scores.</summary>
    const int MaxTogether = 20_000;

    /// <summary>The most results of one step through old results.</summary>
    const int MaxUnindexed = 128;

    /// <summary>The most bytes of results of one step; a single result may be larger.</summary>
    const int MaxUnindexedBytes = 8 * 1024 * 1024;

    /// <summary>The tasks that show a subject, the best score first.</summary>
    Task<SubjectTaskPage> ListTasksAsync(SubjectQuery query, CancellationToken cancellationToken);

    /// <summary>The subjects that a job shows, those with the most tasks first.</summary>
    Task<SubjectPage<JobSubject>> ListOfJobAsync(long jobKey, SubjectCount? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The subjects that are shown together with a subject, in all jobs or in one, and by how many tasks; those with the most tasks first.
    /// </summary>
    Task<SubjectPage<SubjectCount>> ListTogetherAsync(
        string subject, long? jobKey, SubjectCount? after, int limit, CancellationToken cancellationToken);

    /// <summary>The newest ended job with results whose subjects were never read; null for none.</summary>
    Task<SubjectBacklog?> FindBacklogAsync(CancellationToken cancellationToken);

    /// <summary>Results of such a job from an ordinal on, in order, within the limits of a step; empty after the last.</summary>
    Task<IReadOnlyList<UnindexedResult>> ReadUnindexedAsync(SubjectBacklog backlog, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the subjects of such results and the place behind them, in one transaction; null for <paramref name="next"/> ends the work on
    /// the job. False, and nothing is stored, if another process did the same.
    /// </summary>
    Task<bool> SaveIndexedAsync(
        SubjectBacklog backlog, int? next, IReadOnlyList<IndexedResult> results, CancellationToken cancellationToken);
}
