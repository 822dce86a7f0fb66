using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Collects the tasks of a pack for one call. The call is cancelled only when all of its tasks are cancelled, so that cancelling one does
/// not affect the others.
/// </summary>
internal sealed class PackCollector
{
    private readonly Lock gate = new();
    private readonly Dictionary<TaskPack, PackCall> calls = [];

    /// <summary>Runs a task together with the other tasks of its pack; null when there are no others.</summary>
    /// <param name="context">The task.</param>
    /// <param name="pack">Its pack.</param>
    /// <param name="call">Makes the call; returns the outcomes in the order of the tasks.</param>
    /// <param name="cancellationToken">Cancels this task.</param>
    public async Task<TaskOutcome?> RunAsync(
        TaskContext context, TaskPack pack, Func<IReadOnlyList<TaskContext>, CancellationToken, Task<IReadOnlyList<TaskOutcome>>> call,
        CancellationToken cancellationToken)
    {
        var (packCall, index) = Join(context, pack, call);
        try
        {
            var outcomes = await packCall.Outcomes.WaitAsync(cancellationToken);
            return outcomes?[index];
        }
        finally
        {
            Leave(pack, packCall);
        }
    }

    private (PackCall Gathering, int Index) Join(
        TaskContext context, TaskPack pack, Func<IReadOnlyList<TaskContext>, CancellationToken, Task<IReadOnlyList<TaskOutcome>>> call)
    {
        lock (gate)
        {
            if (!calls.TryGetValue(pack, out var packCall))
            {
                packCall = new PackCall();
                calls[pack] = packCall;
                packCall.Outcomes = RunAsync(pack, packCall, call);
            }

            return (packCall, packCall.Join(context));
        }
    }

    private async Task<IReadOnlyList<TaskOutcome>?> RunAsync(
        TaskPack pack, PackCall packCall, Func<IReadOnlyList<TaskContext>, CancellationToken, Task<IReadOnlyList<TaskOutcome>>> call)
    {
        await Task.Yield(); // The caller holds the lock until the first task has joined.
        await pack.Complete;
        TaskContext[] tasks;
        lock (gate) tasks = [.. packCall.Tasks];
        if (tasks.Length == 1) return null;
        // In the order of the items: those whose inputs had to be read joined later.
        var ordered = tasks.OrderBy(task => task.Ordinal).ToList();
        var outcomes = await call(ordered, packCall.Abandoned);
        return [.. tasks.Select(task => outcomes[ordered.IndexOf(task)])];
    }

    private void Leave(TaskPack pack, PackCall packCall)
    {
        lock (gate)
        {
            if (--packCall.WaitingTasks > 0) return;
            if (calls.GetValueOrDefault(pack) == packCall) calls.Remove(pack);
        }

        packCall.Dispose();
    }

    private sealed class PackCall : IDisposable
    {
        private readonly CancellationTokenSource abandoned = new();

        public PackCall() => Abandoned = abandoned.Token;

        public List<TaskContext> Tasks { get; } = [];

        /// <summary>The number of tasks that still wait for the call; guarded by the lock.</summary>
        public int WaitingTasks { get; set; }

        /// <summary>Cancelled when no task waits for the call any more.</summary>
        public CancellationToken Abandoned { get; }

        public Task<IReadOnlyList<TaskOutcome>?> Outcomes { get; set; } = null!;

        public int Join(TaskContext context)
        {
            WaitingTasks++;
            Tasks.Add(context);
            return Tasks.Count - 1;
        }

        public void Dispose()
        {
            abandoned.Cancel();
            abandoned.Dispose();
        }
    }
}
