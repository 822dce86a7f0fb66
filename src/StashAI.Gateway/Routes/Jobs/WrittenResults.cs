using System.Buffers;
using System.IO.Pipelines;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Results as a client asked for them, written one by one.</summary>
internal sealed class WrittenResults(
    JobView job, ShownResults shown, IReadOnlyList<TaskState> states, long limit, bool isCsv, Prompts prompts)
{
    public string ContentType => isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson";

    /// <summary>Writes them while they are read, until the client is gone.</summary>
    public async Task WriteAsync(
        PipeWriter output, IAsyncEnumerable<IReadOnlyList<TaskView>> source, CancellationToken cancellationToken)
    {
        var writer = new ResultStreamWriter(output, job, isCsv, prompts);
        writer.WriteHead();
        await output.FlushAsync(cancellationToken);
        var left = limit;
        await foreach (var tasks in source)
        {
            foreach (var task in tasks)
            {
                if (left == 0 || !states.Contains(task.State)) continue;
                left--;
                writer.Write(shown.Of(job, task));
                if (!await output.SendPieceAsync(cancellationToken)) return;
            }

            var flushed = await output.FlushAsync(cancellationToken);
            if (flushed.IsCompleted || left == 0) return;
        }
    }

    /// <summary>The bytes that <see cref="WriteAsync"/> writes, in pieces; each is valid until the next.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> BytesAsync(IAsyncEnumerable<IReadOnlyList<TaskView>> source)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        var writer = new ResultStreamWriter(buffer, job, isCsv, prompts);
        writer.WriteHead();
        if (buffer.WrittenCount > 0) yield return buffer.WrittenMemory;
        var left = limit;
        await foreach (var tasks in source)
        {
            foreach (var task in tasks)
            {
                if (left == 0) yield break;
                if (!states.Contains(task.State)) continue;
                left--;
                buffer.ResetWrittenCount();
                writer.Write(shown.Of(job, task));
                yield return buffer.WrittenMemory;
            }
        }
    }
}
