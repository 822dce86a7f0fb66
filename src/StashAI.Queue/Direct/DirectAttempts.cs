using StashAI.Queue.Execution;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Sdk;

namespace StashAI.Queue.Direct;

/// <summary>
/// Runs the attempts of one task until it ends. Each attempt takes one of the slots that it shares with the queue's calls.
/// </summary>
internal sealed class DirectAttempts(TaskExecutor executor, SharedCallSlots slots, TimeProvider clock)
{
    /// <param name="claim">The task with its first attempt.</param>
    /// <param name="payloads">The task's binary parts.</param>
    /// <param name="stopRetrying">Cancelled when no further attempt may begin.</param>
    /// <param name="cancellationToken">Aborts running calls too.</param>
    public async Task<DirectOutcome> RunAsync(
        ClaimedTask claim, IReadOnlyList<TaskPayload> payloads, CancellationToken stopRetrying, CancellationToken cancellationToken)
    {
        using var stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(stopRetrying, cancellationToken);
        AttemptResult? last = null;
        DateTimeOffset? started = null;
        while (true)
        {
            try
            {
                if (last is not null) await Task.Delay(last.Delay, clock, stopWaiting.Token);
                await slots.TakeAsync(stopWaiting.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new DirectOutcome(last ?? NeverStarted(claim), started, clock.GetUtcNow());
            }

            try
            {
                started ??= clock.GetUtcNow();
                using var running = new OwnedTask(claim.Fence, onCancelledBeforeStart: null);
                running.TryStart();
                last = await executor.RunAsync(claim, running, CancellationToken.None, cancellationToken, payloads);
                running.KeepAnswer(0);
            }
            finally
            {
                slots.Release();
            }

            cancellationToken.ThrowIfCancellationRequested();
            // Unlike in the queue, being throttled uses up an attempt: the client is waiting for the answer.
            if (last.Event is not (TaskEvent.RetryLater or TaskEvent.Throttle) || claim.Attempt >= claim.Job.MaxAttempts)
                return new DirectOutcome(last, started, clock.GetUtcNow());
            claim = claim with { Attempt = claim.Attempt + 1 };
        }
    }

    private static AttemptResult NeverStarted(ClaimedTask claim) => new()
    {
        Task = claim,
        Event = TaskEvent.Fail,
        ErrorKind = ErrorKind.Timeout,
        ErrorMessage = "All workers were busy for too long.",
    };
}
