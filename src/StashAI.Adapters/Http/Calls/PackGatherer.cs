using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Brings the tasks of a pack into one call. The call ends early only when all of them have gone, so that one that is cancelled costs the
/// others nothing.
/// </summary>
internal sealed class PackGatherer
{
    private readonly Lock gate = new();
    private readonly Dictionary<TaskPack, Gathering> open = [];

    /// <summary>Runs a task together with the others of its pack; null when it turned out to be alone.</summary>
    /// <param name="context">The task.</param>
    /// <param name="pack">Its pack.</param>
    /// <param name="call">Makes the one call; its outcomes stand in the order of the tasks.</param>
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
        await Task.Yield(); // The first task joins before this goes on: its caller holds the lock.
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

        /// <summary>Tasks that still wait for the call; under the lock.</summary>
        public int Members { get; set; }

        /// <summary>Cancelled when nobody waits for the call any more.</summary>
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
