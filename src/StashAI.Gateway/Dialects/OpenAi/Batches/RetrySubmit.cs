using StashAI.Gateway.Dialects.Batches;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>Makes a job of the lines of another batch that failed or were cancelled.</summary>
internal sealed class RetrySubmit(QueueEngine engine, IFileBatches batches, BatchReader reader)
{
    /// <summary>The batch as it is afterwards: submitted, or refused.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="sourceId">The batch whose lines are retried.</param>
    /// <param name="reading">Ends the copying of its lines, and not a commit that has begun.</param>
    /// <param name="cancellationToken">Ends it at any moment; <paramref name="reading"/> ends with it.</param>
    public async Task<FileBatch> RunAsync(
        FileBatch batch, BatchRequest request, Guid sourceId, CancellationToken reading, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(sourceId, cancellationToken) is not { Job: { } source } first)
            return Refused(batch, null, "was deleted");
        await using var upload = engine.OpenUpload();
        try
        {
            // Somebody may have retried them meanwhile by the job's own routes.
            var copied = (await upload.CopyAsync(source.Key, CopiedTasks.Unfinished, reading)).Count;
            if (copied == 0) return Refused(batch, first.Batch.Model, "has no failed lines any more");
            await SaveOrderAsync(batch.Id, first, copied, reading);
        }
        catch (SourceLostException)
        {
            return Refused(batch, first.Batch.Model, "was deleted");
        }

        var job = await engine.CommitAsync(
            upload,
            new NewJob
            {
                Service = source.Service,
                JobType = source.JobType,
                TaskType = source.TaskType,
                Upstream = source.Upstream,
                Name = source.Name,
                Owner = batch.Owner,
                Priority = request.Priority,
                MaxParallel = request.Concurrency ?? int.MaxValue,
                Cache = request.Cache ?? source.Cache,
                Deadline = batch.CreatedAt + request.Time,
                IdempotencyKey = BatchSubmit.KeyOf(batch),
                SourceJob = source.JobId,
                Config = source.Config,
            },
            cancellationToken);
        return batch with { State = FileBatchState.Submitted, JobKey = job.Key, Model = first.Batch.Model };
    }

    /// <summary>Keeps the lines of a batch that are retried in the order of its file, also if they did not run in it.</summary>
    private async Task SaveOrderAsync(Guid id, BatchState source, int copied, CancellationToken cancellationToken)
    {
        var places = await batches.ReadLineOrderAsync(source.Batch.Id, cancellationToken);
        if (places.IsEmpty) return;
        var taken = new List<int>(copied);
        await foreach (var tasks in engine.Read.ReadTasksAsync(source.Job!, withOutput: false, null, cancellationToken))
            taken.AddRange(tasks.Where(task => task.State is TaskState.Failed or TaskState.Cancelled).Select(task => task.Ordinal));
        // Somebody may have retried some meanwhile; then the order in which they run is as good as any.
        if (taken.Count == copied && LineOrder.WriteSome(places, taken) is { IsEmpty: false } order)
            await batches.SaveLineOrderAsync(id, order, cancellationToken);
    }

    private static FileBatch Refused(FileBatch batch, string? model, string reason)
    {
        var errors = new LineErrors();
        errors.Add("source_batch_lost", $"The batch whose lines were to be retried {reason}.", "source_batch_id", null);
        return batch with { State = FileBatchState.Refused, Model = model, Errors = errors.Write() };
    }
}
