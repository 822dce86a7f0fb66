using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// The files of a batch's results and failures, written from its job while they are read: a line for each task, in the order of the input.
/// </summary>
internal sealed class BatchOutput(IRead read, BatchReader batches)
{
    private static readonly byte[] LineBreak = "\n"u8.ToArray();

    /// <summary>Writes a file.</summary>
    public async Task WriteAsync(PipeWriter output, BatchState batch, bool isErrors, CancellationToken cancellationToken)
    {
        await foreach (var lines in ReadAsync(batch, isErrors, cancellationToken))
        {
            output.Write(lines.Span);
            if ((await output.FlushAsync(cancellationToken)).IsCompleted) return;
        }
    }

    /// <summary>The bytes of a file.</summary>
    public async Task<long> CountAsync(BatchState batch, bool isErrors, CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (var lines in ReadAsync(batch, isErrors, cancellationToken)) count += lines.Length;
        return count;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        BatchState batch, bool isErrors,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!batches.IsKept(batch))
        {
            throw RequestException.NotFound(
                "The files of this batch's results have expired, as output_expires_after said; its job still has the results: "
                + $"GET /api/jobs/{batch.Job!.JobId}/results.");
        }

        var job = batch.Job!;
        var buffer = new ArrayBufferWriter<byte>();
        await foreach (var tasks in read.ReadTasksAsync(job, withOutput: !isErrors, cancellationToken))
        {
            buffer.ResetWrittenCount();
            foreach (var task in tasks.Where(task => IsOf(task, isErrors)))
            {
                var attempt = isErrors ? await read.LastAttemptAsync(task, cancellationToken) : null;
                using (var json = new Utf8JsonWriter(buffer, WireJson.Options)) LineJson.Write(json, job.JobId, task, attempt);
                buffer.Write(LineBreak);
            }

            if (buffer.WrittenCount > 0) yield return buffer.WrittenMemory;
        }
    }

    private static bool IsOf(TaskView task, bool isErrors) =>
        isErrors ? task.State is TaskState.Failed or TaskState.Cancelled : task.State == TaskState.Completed;
}
