using StashAI.Adapters.Visage;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>The binary parts that all tasks of a job share. Nearly no job has any, so only those are asked for that may.</summary>
internal static class JobParts
{
    public static async Task<IReadOnlyList<PayloadRef>> ReadAsync(IRead store, JobView job, CancellationToken cancellationToken) =>
        job.Service == VisageAdapter.Name && job.TaskType == VisageAdapter.OneToMany.TaskType
            ? await store.ListPayloadsAsync(TaskKey.From(job.Key, TaskKey.JobParts), cancellationToken)
            : [];
}
