using System.Runtime.CompilerServices;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>Reads the results of a job in the order of its items, until the job has ended.</summary>
internal static class ResultFollower
{
    public static async IAsyncEnumerable<TaskResult> ReadAsync(
        ApiSender api, JobWatch watch, Guid job, int from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = 0;
        await foreach (var progress in watch.RunAsync([job], cancellationToken).ConfigureAwait(false))
        {
            var ended = progress.CompletedTasks + progress.FailedTasks + progress.CancelledTasks;
            if (ended == known && !progress.IsOver) continue;
            known = ended;
            var results = ResultStream.ReadAsync(api, job, from, isInOrder: !progress.IsOver, cancellationToken);
            await foreach (var result in results.ConfigureAwait(false))
            {
                from = result.Index + 1;
                yield return result;
            }
        }
    }
}
