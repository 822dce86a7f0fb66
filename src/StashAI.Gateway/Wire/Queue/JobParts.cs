using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Reads the binary parts that all tasks of a job share. Few jobs have any, so only jobs with such operations are read.</summary>
internal sealed class JobParts(IRead store, ServiceRegistry services)
{
    public async Task<IReadOnlyList<PayloadRef>> ReadAsync(JobView job, CancellationToken cancellationToken)
    {
        var operations = services.FindCallable(job.Service)?.Manifest.Operations ?? [];
        return operations.Any(operation => operation.HasJobParts && operation.TaskType == job.TaskType)
            ? await store.ListPayloadsAsync(TaskKey.From(job.Key, TaskKey.JobParts), cancellationToken)
            : [];
    }
}
