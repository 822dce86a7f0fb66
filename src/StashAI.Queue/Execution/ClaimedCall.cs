using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>A call that this process is to make: for one task, or for the tasks of a pack.</summary>
internal sealed class ClaimedCall(IReadOnlyList<ClaimedTask> tasks)
{
    private int openTasks = tasks.Count;
    private int serviceFailureReported;
    private int unreadyTasks;

    public long LaneKey { get; } = tasks[0].Job.LaneKey;

    public List<DispatchedTask> Tasks { get; } = new(tasks.Count);

    /// <summary>Null for one task.</summary>
    public TaskPack? Pack { get; } = tasks.Count > 1 ? new TaskPack() : null;

    /// <summary>Splits a claimed batch into the tasks of each call.</summary>
    public static IEnumerable<IReadOnlyList<ClaimedTask>> GroupByCall(IReadOnlyList<ClaimedTask> batch)
    {
        for (var at = 0; at < batch.Count;)
        {
            var end = at + 1;
            while (batch[at].CallNumber > 0 && end < batch.Count && batch[end].CallNumber == batch[at].CallNumber) end++;
            yield return end == at + 1 ? [batch[at]] : [.. batch.Skip(at).Take(end - at)];
            at = end;
        }
    }

    /// <summary>Says how many tasks of the pack will be passed to the adapter.</summary>
    public void Expect(int tasks)
    {
        unreadyTasks = tasks;
        if (tasks == 0) Pack!.Close();
    }

    /// <summary>A task was passed to the adapter, or never will be.</summary>
    public void MarkReady()
    {
        if (Interlocked.Decrement(ref unreadyTasks) == 0) Pack!.Close();
    }

    /// <summary>A task is over; true for the last one.</summary>
    public bool Complete() => Interlocked.Decrement(ref openTasks) == 0;

    /// <summary>
    /// What the end of a shared call means for one of its tasks: a failure is not known to be its own, so it goes back with its attempt and,
    /// as its error is kept, comes again by itself. Where the service failed, one task bears it: one call, one failure for the circuit.
    /// </summary>
    public AttemptResult Settle(AttemptResult result)
    {
        if (Pack is null || result.Event is not (TaskEvent.RetryLater or TaskEvent.Fail)
            || result.ErrorKind is ErrorKind.DeadlineExceeded or ErrorKind.OutboundRefused)
        {
            return result;
        }

        if (result.Event == TaskEvent.RetryLater && CircuitPolicy.SignalOf(result) == CircuitSignal.Failed && Interlocked.Exchange(ref serviceFailureReported, 1) == 0) return result;
        return new AttemptResult { Task = result.Task, Event = TaskEvent.Release, ErrorKind = result.ErrorKind, ErrorMessage = result.ErrorMessage };
    }
}

/// <summary>A claimed task on its way through a call.</summary>
internal sealed record DispatchedTask(NodeLease Lease, ClaimedTask Task, RunningTask Running, long ClaimedAt, ClaimedCall Call);
