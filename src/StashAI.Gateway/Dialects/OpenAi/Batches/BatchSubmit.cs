using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// Makes a job of a batch: reads the lines of its file once, checks each, and stores it as a task. The job appears with its last line, or
/// not at all. Repeated after a crash, it finds the job that it has made.
/// </summary>
internal sealed class BatchSubmit(
    QueueEngine engine, IClientFiles files, IFileBatches batches, ServedModels models, IntakeLimits limits)
{
    /// <summary>The key of the job that a batch becomes.</summary>
    public static string KeyOf(FileBatch batch) => FileBatch.JobKeyOf(batch.Id);

    /// <summary>The batch as it is afterwards: submitted, or refused.</summary>
    public async Task<FileBatch> RunAsync(FileBatch batch, CancellationToken cancellationToken)
    {
        if (await batches.FindJobAsync(KeyOf(batch), cancellationToken) is { } first)
            return batch with { State = FileBatchState.Submitted, JobKey = first };
        var request = BatchRequest.Parse(batch.Request);
        var check = new LineCheck(
            request.Endpoint, models, limits.MaxItems,
            $"The line has more than {limits.MaxEnvelopeBytes} bytes: make it shorter, or raise {IntakeLimits.MaxEnvelopeBytesSetting} on "
            + "the server.");
        if (await files.FindFileAsync(batch.FileId, cancellationToken) is not { } file)
        {
            check.Errors.Add("file_not_found", "The file was deleted, or has expired, before it was checked.", "input_file_id", null);
            return Refused(batch, check);
        }

        await using var upload = engine.OpenUpload();
        try
        {
            await StoreAsync(file, check, upload, cancellationToken);
        }
        catch (PayloadLostException exception)
        {
            check.Errors.Add("file_lost", exception.Message, "input_file_id", null);
        }
        catch (TooManyTasksException exception)
        {
            check.Errors.Add("too_many_tasks", exception.Message, null, null);
        }

        if (check.Errors.Count > 0) return Refused(batch, check);
        var job = await engine.CommitAsync(upload, JobOf(batch, request, file, check.Service!), cancellationToken);
        return batch with { State = FileBatchState.Submitted, JobKey = job.Key, Model = check.Model };
    }

    private async Task StoreAsync(ClientFile file, LineCheck check, IUpload upload, CancellationToken cancellationToken)
    {
        var lines = new LineReader(limits.MaxEnvelopeBytes);
        if (file.PayloadKey is { } payload)
        {
            await foreach (var piece in engine.Read.ReadPayloadAsync(payload, file.Size, cancellationToken))
            {
                foreach (var line in lines.Read(piece)) await AddAsync(line);
                if (check.IsOver) return;
            }
        }

        foreach (var line in lines.End()) await AddAsync(line);
        check.End();

        async ValueTask AddAsync(ReadOnlyMemory<byte>? text)
        {
            // After the first error nothing will be kept, and the rest of the file is only checked.
            if (check.IsOver || check.Check(text) is not { } line || check.Errors.Count > 0) return;
            upload.BeginTask();
            upload.NameTask(new ItemName(null, line.Id));
            await upload.EndTaskAsync(line.Body, cancellationToken);
        }
    }

    private static NewJob JobOf(FileBatch batch, BatchRequest request, ClientFile file, SpokenRoute spoken)
    {
        var operation = spoken.Route.Operation;
        return new NewJob
        {
            Service = spoken.Service.Name,
            JobType = operation.Operation.JobType,
            TaskType = operation.Operation.TaskType,
            Upstream = ServiceUri.For(spoken.Service.Name, "/"),
            Name = ItemName.Clean(file.Name) ?? "",
            Owner = batch.Owner,
            Priority = request.Priority,
            MaxParallel = request.Concurrency ?? int.MaxValue,
            Deadline = batch.CreatedAt + request.Time,
            IdempotencyKey = KeyOf(batch),
            Cache = ResultReuse.Of(request.Cache, operation.Operation, ResultReuse.Field),
            Config = JobCost.Keep("{}"u8.ToArray(), operation.CostPerItem),
        };
    }

    private static FileBatch Refused(FileBatch batch, LineCheck check) =>
        batch with { State = FileBatchState.Refused, Model = check.Model, Errors = check.Errors.Write() };
}
