using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Brings tasks that run at the same moment into one call. The first waits a little for others of its job; the call ends early only when
/// all of them have gone, so that one that is cancelled costs the others nothing.
/// </summary>
internal sealed class PackGatherer(int max, TimeSpan linger, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(Guid Job, Uri Upstream), Pack> open = [];

    /// <summary>Runs a task together with others; null when it has to make its call alone.</summary>
    /// <param name="context">The task.</param>
    /// <param name="call">Makes the one call; its outcomes stand in the order of the tasks, and null sends each on its own way.</param>
    /// <param name="cancellationToken">Cancels this task.</param>
    public async Task<TaskOutcome?> RunAsync(
        TaskContext context, Func<IReadOnlyList<TaskContext>, CancellationToken, Task<IReadOnlyList<TaskOutcome>?>> call, CancellationToken cancellationToken)
    {
        var (pack, index) = Join(context, call);
        try
        {
            var outcomes = await pack.Outcomes.WaitAsync(cancellationToken);
            return outcomes?[index];
        }
        finally
        {
            Leave((context.JobId, context.Upstream), pack);
        }
    }

    private (Pack Pack, int Index) Join(TaskContext context, Func<IReadOnlyList<TaskContext>, CancellationToken, Task<IReadOnlyList<TaskOutcome>?>> call)
    {
        var key = (context.JobId, context.Upstream);
        lock (gate)
        {
            if (!open.TryGetValue(key, out var pack))
            {
                pack = new Pack();
                open[key] = pack;
                pack.Outcomes = RunAsync(key, pack, call);
            }

            var index = pack.Join(context);
            if (index + 1 == max) Close(key, pack);
            return (pack, index);
        }
    }

    private async Task<IReadOnlyList<TaskOutcome>?> RunAsync(
        (Guid Job, Uri Upstream) key, Pack pack, Func<IReadOnlyList<TaskContext>, CancellationToken, Task<IReadOnlyList<TaskOutcome>?>> call)
    {
        await Task.Yield(); // The first task joins before this goes on: its caller holds the lock.
        await Task.WhenAny(pack.Full, Task.Delay(linger, clock));
        lock (gate) Close(key, pack);
        return pack.Tasks.Count == 1 ? null : await call(pack.Tasks, pack.Left);
    }

    private void Leave((Guid Job, Uri Upstream) key, Pack pack)
    {
        lock (gate)
        {
            if (--pack.Members > 0) return;
            Close(key, pack); // Nobody may join a call that is given up.
        }

        pack.Dispose();
    }

    private void Close((Guid Job, Uri Upstream) key, Pack pack)
    {
        if (open.GetValueOrDefault(key) == pack) open.Remove(key);
        pack.Close();
    }

    private sealed class Pack : IDisposable
    {
        private readonly TaskCompletionSource full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource left = new();

        public Pack() => Left = left.Token;

        public List<TaskContext> Tasks { get; } = [];

        /// <summary>Tasks that still wait for the call; under the lock.</summary>
        public int Members { get; set; }

        public Task Full => full.Task;

        /// <summary>Cancelled when nobody waits for the call any more.</summary>
        public CancellationToken Left { get; }

        public Task<IReadOnlyList<TaskOutcome>?> Outcomes { get; set; } = null!;

        public int Join(TaskContext context)
        {
            Members++;
            Tasks.Add(context);
            return Tasks.Count - 1;
        }

        public void Close() => full.TrySetResult();

        public void Dispose()
        {
            left.Cancel();
            left.Dispose();
        }
    }
}
