using StashAI.Queue.Model.Subjects;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Reads who or what the results show that were stored before the database kept it: job by job, the newest first, in small steps. Each step
/// is stored with the place behind it, so that after a restart, or in another process, the work goes on there.
/// </summary>
internal sealed class SubjectIndexer(IQueueStore store, ServiceRegistry services, SubjectReader subjects)
{
    public static TimeSpan Pause { get; } = TimeSpan.FromMinutes(1);

    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await store.Subjects.FindBacklogAsync(cancellationToken) is not { } backlog) return Pause;
        var job = await store.Read.FindJobsAsync([backlog.JobKey], cancellationToken);
        if (job is not [var found] || services.FindSubjects(found.Service, found.TaskType) is null)
        {
            await store.Subjects.SaveIndexedAsync(backlog, null, [], cancellationToken);
            return TimeSpan.Zero;
        }

        var results = await store.Subjects.ReadUnindexedAsync(backlog, cancellationToken);
        List<IndexedResult> indexed =
        [
            .. results.Select(result => new IndexedResult(
                result.TaskKey, result.Version,
                subjects.Read(
                    found.Service, found.TaskType, TaskKey.TaskId(found.JobId, TaskKey.OrdinalOf(result.TaskKey)), result.Output))),
        ];
        int? next = results.Count == 0 ? null : TaskKey.OrdinalOf(results[^1].TaskKey) + 1;
        await store.Subjects.SaveIndexedAsync(backlog, next, indexed, cancellationToken);
        return TimeSpan.Zero;
    }
}
