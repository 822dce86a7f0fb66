using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Answers;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// The files of a batch's results and failures, written from its job while they are read: a line for each task, in the order of the input,
/// or as they end for a client that follows. No more than two pages of tasks are in memory, and less while many clients read.
/// </summary>
internal sealed class BatchOutput(
    IRead read, DownloadRoom room, BatchReader batches, IFileBatches stored, QueueFeed feed, TimeProvider clock,
    IHostApplicationLifetime lifetime)
{
    private static readonly byte[] LineBreak = "\n"u8.ToArray();

    /// <summary>
    /// Answers with a file. Once the batch is over, it can be read in ranges; before, it has the lines that are finished.
    /// </summary>
    public async Task AnswerAsync(HttpContext context, BatchState batch, bool isErrors)
    {
        CheckKept(batch);
        if (batch.IsOver)
        {
            await ResultRange.WriteAsync(
                context, WriteAllAsync, () => ReadAsync(batch, isErrors, context.RequestAborted),
                $"{batch.Batch.Id} {batch.Job!.Version} {isErrors}");
        }
        else if (!HeadRequests.IsHead(context))
        {
            await WriteAllAsync();
        }

        Task WriteAllAsync() =>
            WriteAsync(context.Response.BodyWriter, ReadAsync(batch, isErrors, context.RequestAborted), context.RequestAborted);
    }

    /// <summary>Answers with the lines of a file as they end, until the batch is over.</summary>
    public async Task FollowAsync(HttpContext context, BatchState batch, bool isErrors)
    {
        CheckKept(batch);
        if (HeadRequests.IsHead(context)) return;
        var output = context.Response.BodyWriter;
        await output.FlushAsync(context.RequestAborted);
        await WriteAsync(output, EndedAsync(batch.Job!, isErrors, context.RequestAborted), context.RequestAborted);
    }

    /// <summary>The bytes of a file.</summary>
    public async Task<long> CountAsync(BatchState batch, bool isErrors, CancellationToken cancellationToken)
    {
        CheckKept(batch);
        long count = 0;
        await foreach (var lines in ReadAsync(batch, isErrors, cancellationToken)) count += lines.Length;
        return count;
    }

    private static async Task WriteAsync(
        PipeWriter output, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, CancellationToken cancellationToken)
    {
        await foreach (var lines in bytes.WithCancellation(cancellationToken))
        {
            if (!await output.WritePiecesAsync(lines, cancellationToken)) return;
        }
    }

    private void CheckKept(BatchState batch)
    {
        if (batches.IsKept(batch)) return;
        throw RequestException.NotFound(
            "The files of this batch's results have expired, as output_expires_after said; its job still has the results: "
            + $"GET /api/jobs/{batch.Job!.JobId}/results.");
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        BatchState batch, bool isErrors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var job = batch.Job!;
        var buffer = new ArrayBufferWriter<byte>();
        var places = await stored.ReadLineOrderAsync(batch.Batch.Id, cancellationToken);
        using var download = room.Begin();
        var pages = places.IsEmpty
            ? read.ReadTasksAsync(job, withOutput: !isErrors, download, cancellationToken)
            : LineOrder.ReadTasksAsync(read, job, places, withOutput: !isErrors, download, cancellationToken);
        await foreach (var tasks in download.MayReadAhead ? pages.OnePageAheadAsync(cancellationToken) : pages)
        {
            if (await WriteLinesAsync(buffer, job, tasks, isErrors, cancellationToken)) yield return buffer.WrittenMemory;
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> EndedAsync(
        JobView job, bool isErrors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var ended = ResultFollower.ReadAsync(
            read, room, feed, job, from: 0, byItem: false, clock, lifetime.ApplicationStopping, cancellationToken);
        await foreach (var tasks in ended)
        {
            if (await WriteLinesAsync(buffer, job, tasks, isErrors, cancellationToken)) yield return buffer.WrittenMemory;
        }
    }

    /// <summary>Writes the lines of those tasks that the file has; false when it has none of them.</summary>
    private async Task<bool> WriteLinesAsync(
        ArrayBufferWriter<byte> buffer, JobView job, IReadOnlyList<TaskView> tasks, bool isErrors, CancellationToken cancellationToken)
    {
        buffer.ResetWrittenCount();
        List<TaskView> listed = [.. tasks.Where(task => IsOf(task, isErrors))];
        List<long> refused = [.. listed.Where(TaskFailures.HasAnswer).Select(task => task.Key)];
        var attempts = refused.Count > 0 ? await read.FindLastAttemptsAsync(refused, cancellationToken) : null;
        using var json = new Utf8JsonWriter(buffer, WireJson.Options);
        foreach (var task in listed)
        {
            LineJson.Write(json, job.JobId, task, attempts?.GetValueOrDefault(task.Key));
            json.Flush();
            json.Reset();
            buffer.Write(LineBreak);
        }

        return listed.Count > 0;
    }

    private static bool IsOf(TaskView task, bool isErrors) =>
        isErrors ? task.State is TaskState.Failed or TaskState.Cancelled : task.State == TaskState.Completed;
}
