using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Reads what stands beside a job: its speed, its position, its estimate, and why it waits.</summary>
internal sealed class JobDetailReader(IMeasure measures, EtaReader etas, WaitReader waits, Operations operations, TimeProvider clock)
{
    public Operations Operations => operations;

    public async Task<JobDetail> ReadAsync(JobView job, CancellationToken cancellationToken) => new(
        RateOf(job),
        job.Counters.Open > 0 ? await measures.ReadOutlookAsync(job.Key, cancellationToken) : null,
        await etas.ReadAsync(job, cancellationToken),
        await waits.ReadAsync(job, cancellationToken));

    /// <summary>Tasks that ended in a second, since the job started; null before.</summary>
    private double? RateOf(JobView job)
    {
        if (job.StartedAt is not { } start || job.Counters.Ended == 0) return null;
        var seconds = ((job.FinishedAt ?? clock.GetUtcNow()) - start).TotalSeconds;
        return seconds > 0 ? job.Counters.Ended / seconds : null;
    }
}
