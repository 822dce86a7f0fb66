using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Testing.Queue;

/// <summary>Changes by people that fail for some jobs.</summary>
/// <param name="inner">What makes the others.</param>
/// <param name="script">Asked before every call for a job; what it returns is thrown.</param>
public sealed class FaultyControl(IControl inner, Func<long, Exception?> script) : IControl
{
    public Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken) =>
        RunAsync(jobKey, () => inner.CancelJobAsync(jobKey, cancellationToken));

    public Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        inner.CancelTaskAsync(taskKey, cancellationToken);

    public Task<RetryResult> RetryJobAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken) =>
        RunAsync(jobKey, () => inner.RetryJobAsync(jobKey, withCancelled, cancellationToken));

    public Task<RetryResult> RetryTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        inner.RetryTaskAsync(taskKey, cancellationToken);

    public Task<RetryResult> RetryTaskAsync(long taskKey, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        inner.RetryTaskAsync(taskKey, input, cancellationToken);

    public Task<(RetryResult Result, int? Next)> RetryFailedAsync(
        long jobKey, RetrySelection selection, int from, CancellationToken cancellationToken) =>
        RunAsync(jobKey, () => inner.RetryFailedAsync(jobKey, selection, from, cancellationToken));

    public Task<(RetryResult Result, int? Next)> SkipFailedAsync(
        long jobKey, RetrySelection selection, int from, CancellationToken cancellationToken) =>
        RunAsync(jobKey, () => inner.SkipFailedAsync(jobKey, selection, from, cancellationToken));

    public Task<ChangeSet> ChangeJobAsync(long jobKey, JobPatch patch, CancellationToken cancellationToken) =>
        RunAsync(jobKey, () => inner.ChangeJobAsync(jobKey, patch, cancellationToken));

    public Task<bool> RemoveJobAsync(long jobKey, CancellationToken cancellationToken) =>
        RunAsync(jobKey, () => inner.RemoveJobAsync(jobKey, cancellationToken));

    public Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, DateTimeOffset? until, CancellationToken cancellationToken) =>
        RunAsync(jobKey, () => inner.PauseJobAsync(jobKey, paused, until, cancellationToken));

    public Task PauseServiceAsync(string service, bool paused, DateTimeOffset? until, CancellationToken cancellationToken) =>
        inner.PauseServiceAsync(service, paused, until, cancellationToken);

    public Task<EndedPauses> EndPausesAsync(int limit, CancellationToken cancellationToken) =>
        inner.EndPausesAsync(limit, cancellationToken);

    public Task<Reopening> ReopenAsync(string service, CancellationToken cancellationToken) =>
        inner.ReopenAsync(service, cancellationToken);

    private async Task<T> RunAsync<T>(long jobKey, Func<Task<T>> run) => script(jobKey) is { } error ? throw error : await run();
}
