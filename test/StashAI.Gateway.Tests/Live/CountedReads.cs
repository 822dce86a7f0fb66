using System.Reflection;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Live;

/// <summary>A store whose reads of jobs are counted, and end when a test says so.</summary>
public class CountedReads : DispatchProxy
{
    private readonly Queue<TaskCompletionSource<IReadOnlyList<JobView>>> open = new();
    private readonly SemaphoreSlim begun = new(0);

    public int Count { get; private set; }

    public static (IRead Store, CountedReads Reads) Create()
    {
        var proxy = Create<IRead, CountedReads>();
        return (proxy, (CountedReads)(object)proxy);
    }

    /// <summary>Waits until the next read has begun.</summary>
    public Task BegunAsync(CancellationToken cancellationToken) => begun.WaitAsync(cancellationToken);

    /// <summary>Ends the oldest read; with an error where one is given.</summary>
    public void End(Exception? error = null)
    {
        TaskCompletionSource<IReadOnlyList<JobView>> read;
        lock (open) read = open.Dequeue();
        if (error is null) read.SetResult([]);
        else read.SetException(error);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Assert.Equal(nameof(IRead.FindJobsAsync), targetMethod!.Name);
        var read = new TaskCompletionSource<IReadOnlyList<JobView>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (open)
        {
            open.Enqueue(read);
            Count++;
        }

        begun.Release();
        return read.Task;
    }
}
