using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>A signal for each committed change: take <see cref="Next"/>, look, then wait for it.</summary>
internal sealed class FeedWatch : IQueueListener, IDisposable
{
    private readonly IDisposable subscription;
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FeedWatch(QueueFeed feed) => subscription = feed.Listen(this);

    public Task Next => Volatile.Read(ref next).Task;

    public void OnChanged(ChangeSet changes) =>
        Interlocked.Exchange(ref next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    public void Dispose() => subscription.Dispose();
}
