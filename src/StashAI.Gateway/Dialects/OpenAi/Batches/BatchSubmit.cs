using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Templates;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Direct;
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
/// Makes a job of a batch: reads the lines of its file once, checks each, and stores it as a task, or copies the failed lines of another
/// batch. The job appears with its last line, or not at all. Repeated after a crash, it finds the job that it has made.
/// </summary>
internal sealed class BatchSubmit(
    QueueEngine engine, IClientFiles files, IFileBatches batches, RetrySubmit retries, ServedModels models, ServiceEndpoints services,
    MirroredUploads uploads, IntakeLimits limits)
{
    /// <summary>The most bytes of lines that wait in memory for others with the same beginning.</summary>
    private const int MaxWaiting = 32 * 1024 * 1024;

    private const string FileField = "input_file_id";

    private const string LineFileField = $"body.{FormLine.IdField}";

    private const string FileDeleted = "The file was deleted, or has expired, before it was checked.";

    /// <summary>The key of the job that a batch becomes.</summary>
    public static string KeyOf(FileBatch batch) => FileBatch.JobKeyOf(batch.Id);

    /// <summary>The batch as it is afterwards: submitted, or refused.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="reading">Ends the reading of its lines, and not a commit that has begun.</param>
    /// <param name="cancellationToken">Ends it at any moment; <paramref name="reading"/> ends with it.</param>
    public async Task<FileBatch> RunAsync(FileBatch batch, CancellationToken reading, CancellationToken cancellationToken)
    {
        if (await batches.FindJobAsync(KeyOf(batch), cancellationToken) is { } first)
            return batch with { State = FileBatchState.Submitted, JobKey = first };
        var request = BatchRequest.Parse(batch.Request);
        if (request.SourceBatch is { } source) return await retries.RunAsync(batch, request, source, reading, cancellationToken);
        var check = new LineCheck(
            request.Endpoint, models, limits.MaxItems,
            $"The line has more than {limits.MaxEnvelopeBytes} bytes: make it shorter, or raise {IntakeLimits.MaxEnvelopeBytesSetting} on "
            + "the server.");
        if (await files.FindFileAsync(batch.FileId, reading) is not { } file)
        {
            check.Errors.Add("file_not_found", FileDeleted, FileField, null);
            return Refused(batch, check);
        }

        if (ServiceEndpoints.Is(request.Endpoint)) return await SubmitItemsAsync(batch, request, file, check, reading, cancellationToken);
        await using var upload = engine.OpenUpload();
        var order = new PrefixOrder(MaxWaiting);
        try
        {
            await StoreAsync(file, check, upload, order, reading);
        }
        catch (PayloadLostException exception)
        {
            await AddLossAsync(check, file, exception, FileField, null, cancellationToken);
        }
        catch (TooManyTasksException exception)
        {
            check.Errors.Add("too_many_tasks", exception.Message, null, null);
        }

        if (check.Errors.Count > 0) return Refused(batch, check);
        // Before the job: after a crash in between, the job is found and this is not repeated.
        if (order.Places is { IsEmpty: false } places) await batches.SaveLineOrderAsync(batch.Id, places, cancellationToken);
        var job = await engine.CommitAsync(upload, JobOf(batch, request, file, check.Service!), cancellationToken);
        return batch with { State = FileBatchState.Submitted, JobKey = job.Key, Model = check.Model };
    }

    /// <summary>Makes a job of lines whose bodies are items of a declared service.</summary>
    private async Task<FileBatch> SubmitItemsAsync(
        FileBatch batch, BatchRequest request, ClientFile file, LineCheck check, CancellationToken reading,
        CancellationToken cancellationToken)
    {
        await using var upload = uploads.OpenStored();
        if (services.Find(request.Endpoint)?.Invoke(upload) is not { } form
            || !(form.Shape.IsAnyList || form.Shape.Lists.Contains(BodyShape.Items)))
        {
            check.Errors.Add("endpoint_not_found", $"There is no {request.Endpoint} any more.", "endpoint", null);
            return Refused(batch, check);
        }

        await using var items = new ItemLines(form, limits, reading);
        Submission? submission = null;
        try
        {
            await ReadAsync(
                file, check, line => check.Errors.Count > 0 ? Task.CompletedTask : items.AddAsync(line, check.Line, reading), reading);
            if (check.Errors.Count == 0) submission = await items.CompleteAsync(check.Config, check.Errors, reading);
        }
        catch (PayloadLostException exception)
        {
            await AddLossAsync(check, file, exception, FileField, null, cancellationToken);
        }
        catch (TooManyTasksException exception)
        {
            check.Errors.Add("too_many_tasks", exception.Message, null, null);
        }

        if (submission is null) return Refused(batch, check);
        var asked = submission.Job with
        {
            Name = ItemName.Clean(file.Name) ?? "",
            Owner = batch.Owner,
            Priority = request.Priority,
            MaxParallel = request.Concurrency ?? int.MaxValue,
            Deadline = batch.CreatedAt + request.Time,
            IdempotencyKey = KeyOf(batch),
            Cache = request.Cache ?? submission.Job.Cache,
        };
        var job = await engine.CommitAsync(upload, asked, cancellationToken);
        return batch with { State = FileBatchState.Submitted, JobKey = job.Key };
    }

    /// <summary>Checks the lines of a file, and gives those that are valid.</summary>
    private async Task ReadAsync(ClientFile file, LineCheck check, Func<CheckedLine, Task> add, CancellationToken cancellationToken)
    {
        var lines = new LineReader(limits.MaxEnvelopeBytes);
        if (file.PayloadKey is { } payload)
        {
            await foreach (var piece in engine.Read.ReadPayloadAsync(payload, file.Size, cancellationToken))
            {
                foreach (var line in lines.Read(piece)) await TakeAsync(line);
                if (check.IsOver) return;
            }
        }

        foreach (var line in lines.End()) await TakeAsync(line);
        check.End();

        async ValueTask TakeAsync(ReadOnlyMemory<byte>? text)
        {
            // After the first error nothing will be kept, and the rest of the file is only checked.
            if (!check.IsOver && check.Check(text) is { } line) await add(line);
        }
    }

    private async Task StoreAsync(
        ClientFile file, LineCheck check, IUpload upload, PrefixOrder order, CancellationToken cancellationToken)
    {
        await using var store = new LineStore(upload);
        await ReadAsync(file, check, AddAsync, cancellationToken);
        if (check.Errors.Count > 0) return;
        await WriteWaitingAsync();
        await store.SettleAsync(cancellationToken);

        async Task AddAsync(CheckedLine line)
        {
            if (check.Errors.Count > 0 && line.File is null) return;
            if (order.Add(line, line.Prefix, check.Count - 1)) await WriteAsync(line);
            else if (order.IsFull) await WriteWaitingAsync();
        }

        async Task WriteWaitingAsync()
        {
            foreach (var line in order.TakeAll()) await WriteAsync(line);
        }

        async ValueTask WriteAsync(CheckedLine line)
        {
            if (line.File is { } id) await WriteWithFileAsync(line, id);
            else await store.AddAsync(line, cancellationToken);
        }

        async Task WriteWithFileAsync(CheckedLine line, Guid id)
        {
            var sent = await FindAsync(id, check, cancellationToken);
            if (check.Errors.Count > 0) return;
            await store.SettleAsync(cancellationToken);
            upload.BeginTask();
            upload.NameTask(new ItemName(null, line.Id));
            try
            {
                await CopyAsync(sent!, upload, cancellationToken);
            }
            catch (PayloadLostException exception)
            {
                await AddLossAsync(check, sent!, exception, LineFileField, check.Line, cancellationToken);
                return;
            }

            await upload.EndTaskAsync(line.Body, cancellationToken);
        }
    }

    /// <summary>The uploaded file that a line names; null, with an error, for one that cannot be sent.</summary>
    private async Task<ClientFile?> FindAsync(Guid id, LineCheck check, CancellationToken cancellationToken)
    {
        const string field = LineFileField;
        if (await files.FindFileAsync(id, cancellationToken) is not { } file)
        {
            check.Errors.Add("file_not_found", $"There is no file {OpenAiIds.OfFile(id)}.", field, check.Line);
            return null;
        }

        if (file.Size > limits.MaxItemBytes)
        {
            check.Errors.Add(
                "file_too_large",
                $"The file {OpenAiIds.OfFile(id)} has more than {limits.MaxItemBytes} bytes: make it shorter, or raise "
                + $"{IntakeLimits.MaxItemBytesSetting} on the server.",
                field, check.Line);
        }

        if (file.Size == 0) check.Errors.Add("file_empty", $"The file {OpenAiIds.OfFile(id)} is empty.", field, check.Line);
        return file;
    }

    /// <summary>Says why a file could not be read to its end: it was deleted meanwhile, or its bytes are lost.</summary>
    private async Task AddLossAsync(
        LineCheck check, ClientFile file, PayloadLostException loss, string field, long? line, CancellationToken cancellationToken)
    {
        if (await files.FindFileAsync(file.Id, cancellationToken) is null) check.Errors.Add("file_not_found", FileDeleted, field, line);
        else check.Errors.Add("file_lost", loss.Message, field, line);
    }

    /// <summary>Makes a file a part of the current task.</summary>
    private async Task CopyAsync(ClientFile file, IUpload upload, CancellationToken cancellationToken)
    {
        upload.BeginPayload(DialectRoute.FileField, DataUrlName.Prefix(null, file.Name));
        await foreach (var piece in engine.Read.ReadPayloadAsync(file.PayloadKey!.Value, file.Size, cancellationToken))
            await upload.WriteAsync(piece, cancellationToken);
        upload.EndPayload();
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
            Config = JobCost.Keep("{}"u8.ToArray(), operation.Cost),
        };
    }

    private static FileBatch Refused(FileBatch batch, LineCheck check) =>
        batch with { State = FileBatchState.Refused, Model = check.Model, Errors = check.Errors.Write() };
}
