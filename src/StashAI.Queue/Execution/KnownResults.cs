using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>
/// Looks, just before the call of a task whose job reuses results, whether its result is known or being computed by another task
/// (docs/adr/0040).
/// </summary>
internal sealed class KnownResults(
    IQueueStore store, ServiceRegistry services, IUpstreamResolver upstreams, TaskExecutor executor, TimeProvider clock, ILogger logger)
{
    /// <summary>
    /// A waiting task that nobody woke asks again after this time, at the earliest, and after twice as long at the latest. Upkeep wakes
    /// those that wait, and replaces one that is held up, so this only mends what went wrong; each question costs a claim, and a hundred
    /// thousand tasks may wait.
    /// </summary>
    private static readonly TimeSpan LongestWait = WaitLimits.Result / 2;

    private static readonly TimeSpan ErrorPause = TimeSpan.FromSeconds(1);

    /// <summary>The key under which the result is to be remembered, empty for none; or how the task has ended already.</summary>
    public async Task<(ReadOnlyMemory<byte> Key, AttemptResult? End)> LookUpAsync(
        ClaimedTask task, CancellationToken lost, CancellationToken stop)
    {
        // The call itself says what is wrong, and its result is not remembered.
        if (task.Job.Deadline <= clock.GetUtcNow()) return default;
        if (services.FindOperation(task.Job.Service, task.Job.TaskType) is not { ResultVersion: { } version } operation) return default;
        if (upstreams.Resolve(task.Job.Upstream) is not { } upstream) return default;
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(lost, stop);
            var key = await KeyOfAsync(task, operation, version, upstream, end.Token);
            var query = new ResultQuery(key, task.Key, task.Fence)
            {
                OldestJob = task.Job.Cache == ResultCache.Refresh ? task.Job.Key : 0,
                MayNameSubjects = operation.Erasure is not null,
            };
            var answer = await store.Results.FindResultAsync(query, end.Token) is { } found
                ? new ResultAnswer(found, false)
                : await store.Results.AskAsync(query, end.Token);
            if (answer.Known is { } known) return (key, executor.Reuse(task, known));
            if (answer.Computes) return (key, null);
            return (key, new AttemptResult
            {
                Task = task,
                Event = TaskEvent.AwaitResult,
                ResultKey = key,
                // Not all at once.
                Delay = LongestWait * (1 + Random.Shared.NextDouble()),
            });
        }
        catch (Exception exception) when (exception is PayloadLostException or PayloadFileException or OutOfMemoryException)
        {
            return default;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested || stop.IsCancellationRequested)
        {
            return (default, new AttemptResult { Task = task, Event = TaskEvent.Release });
        }
        catch (Exception exception)
        {
            Log.ResultNotLookedUp(logger, task.TaskId, exception.Message);
            return (default, new AttemptResult { Task = task, Event = TaskEvent.AwaitResult, Delay = ErrorPause });
        }
    }

    private async Task<byte[]> KeyOfAsync(
        ClaimedTask task, AdapterOperation operation, string version, Uri upstream, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? input = task.Input;
        byte[]? digest = null;
        if (task.LargeInputBytes > 0)
        {
            if (await store.Read.FindTasksAsync([task.Key], withOutput: false, cancellationToken) is not [var stored])
                throw new PayloadLostException("The item was removed with its job.");
            // An input that a person edited is in its row, however large it is.
            if (stored.LargeInput is { } large)
            {
                digest = await store.Results.FindDigestAsync(large.PayloadKey, cancellationToken)
                    ?? throw new PayloadLostException("The item was removed with its job.");
                input = null;
            }
            else
            {
                input = stored.Input;
            }
        }

        var payloads = new List<PayloadDigest>();
        if (task.Payloads.Count > 0) payloads.AddRange(await store.Results.ListDigestsAsync(task.Key, cancellationToken));
        if (operation.HasJobParts)
            payloads.AddRange(await store.Results.ListDigestsAsync(TaskKey.From(task.Job.Key, TaskKey.JobParts), cancellationToken));
        return ResultKey.Compute(
            [task.Job.Service, task.Job.TaskType, version, upstream.AbsoluteUri], task.Job.Config, input, digest, payloads);
    }
}
