using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.Anthropic.Batches;

/// <summary>
/// The results of a batch, written from its job while they are read: a line for each request that has ended, in the order of the input.
/// </summary>
internal sealed class MessageResults(IRead read, DownloadRoom room)
{
    private static readonly byte[] LineBreak = "\n"u8.ToArray();

    public async Task WriteAsync(PipeWriter output, MessageBatch batch, CancellationToken cancellationToken)
    {
        var lines = new ArrayBufferWriter<byte>();
        using var download = room.Begin();
        var pages = read.ReadTasksAsync(batch.Job, withOutput: true, download, cancellationToken);
        await foreach (var tasks in download.MayReadAhead ? pages.OnePageAheadAsync(cancellationToken) : pages)
        {
            foreach (var task in tasks.Where(task => TaskStateMachine.IsTerminal(task.State)))
            {
                var attempt = await read.LastAttemptAsync(task, cancellationToken);
                using (var json = new Utf8JsonWriter(lines, WireJson.Options)) Write(json, batch.Job.JobId, task, attempt);
                lines.Write(LineBreak);
            }

            if (!await output.WritePiecesAsync(lines.WrittenMemory, cancellationToken)) return;
            lines.ResetWrittenCount();
        }
    }

    private static void Write(Utf8JsonWriter json, Guid job, TaskView task, AttemptView? attempt)
    {
        json.WriteStartObject();
        json.WritePropertyName("custom_id");
        json.WriteRawValue(task.Item.Id ?? "null", skipInputValidation: true);
        json.WriteStartObject("result");
        switch (task.State, task.ErrorKind)
        {
            case (TaskState.Completed, _):
                json.WriteString("type", "succeeded");
                json.WriteRaw("message", ResultJson.OnOneLine(task.Output));
                break;
            case (TaskState.Cancelled, _):
                json.WriteString("type", "canceled");
                break;
            case (_, ErrorKind.DeadlineExceeded):
                json.WriteString("type", "expired");
                break;
            default:
                json.WriteString("type", "errored");
                json.WritePropertyName("error");
                ErrorJson.Write(
                    json, task, TaskFailures.StatusOf(attempt), attempt?.AnswerHead,
                    AnthropicIds.OfRequest(TaskKey.TaskId(job, task.Ordinal)));
                break;
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
