using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>A claimed call: for one task, or for all tasks of a pack.</summary>
internal sealed class ClaimedCall(IReadOnlyList<ClaimedTask> tasks)
{
    private int openTasks = tasks.Count;
    private int serviceFailureReported;
    private int unreadyTasks;
    private int unendedTasks;
    private int hasCalled;

    public long LaneKey { get; } = tasks[0].Job.LaneKey;

    /// <summary>The size of the inputs that must be read for the call.</summary>
    public long LargeInputBytes { get; } = tasks.Sum(task => task.LargeInputBytes);

    /// <summary>True when the limit of its lane allows it to begin.</summary>
    public bool HasTurn { get; set; }

    public List<DispatchedTask> Tasks { get; } = new(tasks.Count);

    /// <summary>Null for a call of a single task.</summary>
    public TaskPack? Pack { get; } = tasks.Count > 1 ? new TaskPack() : null;

    /// <summary>Groups the tasks of a claimed batch by call.</summary>
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

    /// <summary>Sets how many tasks of the pack will be passed to the adapter.</summary>
    public void Expect(int tasks)
    {
        unreadyTasks = tasks;
        unendedTasks = tasks;
        if (tasks == 0) Pack!.Close();
    }

    /// <summary>Notes that a task was passed to the adapter, or never will be.</summary>
    public void MarkReady()
    {
        if (Interlocked.Decrement(ref unreadyTasks) == 0) Pack!.Close();
    }

    /// <summary>
    /// Notes how a task of the pack ended. The last one tells whether anything was called, or a pack whose results are all known would cost
    /// its lane a call.
    /// </summary>
    public AttemptResult Conclude(AttemptResult result)
    {
        if (!OutcomeRules.IsUncalled(result)) Volatile.Write(ref hasCalled, 1);
        return Interlocked.Decrement(ref unendedTasks) == 0 && Volatile.Read(ref hasCalled) == 0
            ? result with { EndsUncalledPack = true }
            : result;
    }

    /// <summary>Notes the end of a task; true for the last one.</summary>
    public bool EndTask() => Interlocked.Decrement(ref openTasks) == 0;

    /// <summary>
    /// The result of a shared call for one of its tasks. A failure may be another task's fault, so each task gets its attempt back and,
    /// because its error is stored, gets a call of its own next time. If the service failed, one task reports it, so that the circuit
    /// counts one failure.
    /// </summary>
    public AttemptResult Settle(AttemptResult result)
    {
        if (Pack is null || result.Event is not (TaskEvent.RetryLater or TaskEvent.Fail)
            || result.ErrorKind is ErrorKind.DeadlineExceeded or ErrorKind.OutboundRefused)
        {
            return result;
        }

        if (result.Event == TaskEvent.RetryLater && CircuitPolicy.SignalOf(result) == CircuitSignal.Failed
            && Interlocked.Exchange(ref serviceFailureReported, 1) == 0)
        {
            return result;
        }

        return new AttemptResult
        {
            Task = result.Task,
            Event = TaskEvent.Release,
            ErrorKind = result.ErrorKind,
            ErrorMessage = result.ErrorMessage,
        };
    }
}

/// <summary>A claimed task together with its call.</summary>
internal sealed record DispatchedTask(NodeLease Lease, ClaimedTask Claim, OwnedTask Owned, long ClaimedAt, ClaimedCall Call);
