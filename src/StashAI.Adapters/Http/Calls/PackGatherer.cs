using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Collects the tasks of a pack for one call. The call is cancelled only when all of its tasks are cancelled, so that cancelling one does not affect the
/// others.
/// </summary>
internal sealed class PackGatherer
{
    private readonly Lock gate = new();
    private readonly Dictionary<TaskPack, Gathering> open = [];

    /// <summary>Runs a task together with the other tasks of its pack; null when there are no others.</summary>
    /// <param name="context">The task.</param>
    /// <param name="pack">Its pack.</param>
    /// <param name="call">Makes the call; returns the outcomes in the order of the tasks.</param>
    /// <param name="cancellationToken">Cancels this task.</param>
    public async Task<TaskOutcome?> RunAsync(
        TaskContext context, TaskPack pack, Func<IReadOnlyList<TaskContext>, CancellationToken, Task<IReadOnlyList<TaskOutcome>>> call, CancellationToken cancellationToken)
    {
        var (gathering, index) = Join(context, pack, call);
        try
        {
            var outcomes = await gathering.Outcomes.WaitAsync(cancellationToken);
            return outcomes?[index];
        }
        finally
        {
            Leave(pack, gathering);
        }
    }

    private (Gathering Gathering, int Index) Join(
        TaskContext context, TaskPack pack, Func<IReadOnlyList<TaskContext>, CancellationToken, Task<IReadOnlyList<TaskOutcome>>> call)
    {
        lock (gate)
        {
            if (!open.TryGetValue(pack, out var gathering))
            {
                gathering = new Gathering();
                open[pack] = gathering;
                gathering.Outcomes = RunAsync(pack, gathering, call);
            }

            return (gathering, gathering.Join(context));
        }
    }

    private async Task<IReadOnlyList<TaskOutcome>?> RunAsync(
        TaskPack pack, Gathering gathering, Func<IReadOnlyList<TaskContext>, CancellationToken, Task<IReadOnlyList<TaskOutcome>>> call)
    {
        await Task.Yield(); // The caller holds the lock until the first task has joined.
        await pack.Complete;
        TaskContext[] tasks;
        lock (gate) tasks = [.. gathering.Tasks];
        return tasks.Length == 1 ? null : await call(tasks, gathering.Left);
    }

    private void Leave(TaskPack pack, Gathering gathering)
    {
        lock (gate)
        {
            if (--gathering.Members > 0) return;
            if (open.GetValueOrDefault(pack) == gathering) open.Remove(pack);
        }

        gathering.Dispose();
    }

    private sealed class Gathering : IDisposable
    {
        private readonly CancellationTokenSource left = new();

        public Gathering() => Left = left.Token;

        public List<TaskContext> Tasks { get; } = [];

        /// <summary>The number of tasks that still wait for the call; guarded by the lock.</summary>
        public int Members { get; set; }

        /// <summary>Cancelled when no task waits for the call any more.</summary>
        public CancellationToken Left { get; }

        public Task<IReadOnlyList<TaskOutcome>?> Outcomes { get; set; } = null!;

        public int Join(TaskContext context)
        {
            Members++;
            Tasks.Add(context);
            return Tasks.Count - 1;
        }

        public void Dispose()
        {
            left.Cancel();
            left.Dispose();
        }
    }
}
