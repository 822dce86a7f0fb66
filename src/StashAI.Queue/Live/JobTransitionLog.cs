using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Model.Changes;

namespace StashAI.Queue.Live;

/// <summary>Writes one line for each change of a job's state that this process made.</summary>
internal sealed class JobTransitionLog(ILogger logger) : IQueueListener
{
    public void OnChanged(ChangeSet changes)
    {
        foreach (var job in changes.Jobs)
        {
            if (job.Before != job.After) Log.JobMoved(logger, job.JobId, job.Before, job.After);
        }
    }
}
