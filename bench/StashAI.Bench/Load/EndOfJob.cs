using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Bench.Load;

/// <summary>Waits for a job's terminal state on the live feed.</summary>
internal sealed class EndOfJob : IQueueListener
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ended => ended.Task;

    public void OnChanged(ChangeSet changes)
    {
        foreach (var job in changes.Jobs)
        {
            if (JobStateMachine.IsTerminal(job.After)) ended.TrySetResult();
        }
    }
}
