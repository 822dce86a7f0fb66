using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>A call that this process is to make: for one task, or for the tasks of a pack.</summary>
internal sealed class HeldCall(IReadOnlyList<ClaimedTask> tasks)
{
    private int left = tasks.Count;
    private int blamed;
    private int coming;

    public long LaneKey { get; } = tasks[0].Job.LaneKey;

    public List<HeldTask> Tasks { get; } = new(tasks.Count);

    /// <summary>Null for one task.</summary>
    public TaskPack? Pack { get; } = tasks.Count > 1 ? new TaskPack() : null;

    /// <summary>A claimed batch by calls.</summary>
    public static IEnumerable<IReadOnlyList<ClaimedTask>> Part(IReadOnlyList<ClaimedTask> batch)
    {
        for (var at = 0; at < batch.Count;)
        {
            var end = at + 1;
            while (batch[at].Call > 0 && end < batch.Count && batch[end].Call == batch[at].Call) end++;
            yield return end == at + 1 ? [batch[at]] : [.. batch.Skip(at).Take(end - at)];
            at = end;
        }
    }

    /// <summary>So many tasks of the pack are on their way to the adapter.</summary>
    public void Expect(int tasks)
    {
        coming = tasks;
        if (tasks == 0) Pack!.Close();
    }

    /// <summary>One of them was given to it, or never will be.</summary>
    public void Arrive()
    {
        if (Interlocked.Decrement(ref coming) == 0) Pack!.Close();
    }

    /// <summary>A task is over; true for the last one.</summary>
    public bool Leave() => Interlocked.Decrement(ref left) == 0;

    /// <summary>
    /// What the end of a shared call means for one of its tasks: a failure is not known to be its own, so it goes back with its attempt and,
    /// as its error is kept, comes again by itself. Where the service failed, one task bears it: one call, one failure for the circuit.
    /// </summary>
    public AttemptResult Judge(AttemptResult result)
    {
        if (Pack is null || result.Event is not (TaskEvent.RetryLater or TaskEvent.Fail)
            || result.ErrorKind is ErrorKind.DeadlineExceeded or ErrorKind.OutboundRefused) return result;
        if (result.Event == TaskEvent.RetryLater && CircuitPolicy.SignOf(result) == CircuitSign.Failed && Interlocked.Exchange(ref blamed, 1) == 0) return result;
        return new AttemptResult { Task = result.Task, Event = TaskEvent.Release, ErrorKind = result.ErrorKind, ErrorMessage = result.ErrorMessage };
    }
}

/// <summary>A claimed task on its way through a call.</summary>
internal sealed record HeldTask(NodeLease Lease, ClaimedTask Task, RunningTask Running, long AskedAt, HeldCall Call);
