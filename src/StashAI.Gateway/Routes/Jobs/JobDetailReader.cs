using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Reads what stands beside a job: its speed, its position, its estimate, why it waits, and which batch it is.</summary>
internal sealed class JobDetailReader(
    IMeasure measures, IFileBatches batches, EtaReader etas, WaitReader waits, Operations operations, TimeProvider clock)
{
    public Operations Operations => operations;

    public async Task<JobDetail> ReadAsync(JobView job, CancellationToken cancellationToken) => new(
        new JobPace(JobPace.RateOf(job, clock.GetUtcNow()), await etas.ReadAsync(job, cancellationToken)),
        job.Counters.Open > 0 ? await measures.ReadOutlookAsync(job.Key, cancellationToken) : null,
        await waits.ReadAsync(job, cancellationToken),
        await batches.FindBatchOfJobAsync(job.Key, cancellationToken) is { } batch ? EndedBatch.NameOf(batch) : null);
}
