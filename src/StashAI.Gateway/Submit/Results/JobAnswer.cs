using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit.Results;

/// <summary>Writes the status answer of a job or a task with its results, the same for all routes.</summary>
internal sealed class JobAnswer(IRead store, DownloadRoom room, EtaReader etas, WaitReader waits)
{
    /// <summary>So many results are shown unless a client says how many.</summary>
    public const int DefaultResults = 100;

    /// <summary>A page ends early past so many bytes of results.</summary>
    private const long MaxPageBytes = 4 * 1024 * 1024;

    /// <summary>Estimates when the job will end; null when nothing was measured or nothing is open.</summary>
    public Task<Eta?> EstimateAsync(JobView job, CancellationToken cancellationToken) => etas.ReadAsync(job, cancellationToken);

    /// <summary>Writes a job, or the only task of a lone one; <paramref name="writeExtraFields"/> adds fields at its end.</summary>
    public Task WriteAsync(
        HttpContext context, JobView job, Dialect dialect, int offset, int limit, Action<Utf8JsonWriter>? writeExtraFields = null) =>
        context.AnswerOrCutAsync(WriteJobAsync(context, job, dialect, offset, limit, writeExtraFields));

    private async Task WriteJobAsync(
        HttpContext context, JobView job, Dialect dialect, int offset, int limit, Action<Utf8JsonWriter>? writeExtraFields)
    {
        job = await AggregateNames.AddAsync(store, job, context.RequestAborted);
        var eta = await EstimateAsync(job, context.RequestAborted);
        var wait = await waits.ReadAsync(job, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = WireJson.ContentType;
        await using var json = WireJson.Begin(context);
        json.WriteStartObject();
        json.WriteString("kind", "job");
        JobJson.WriteFields(json, job, context.Request);
        json.WriteNumber("progress", job.Counters.ProgressPercentage);
        EtaJson.Write(json, eta);
        WaitJson.Write(json, wait);
        writeExtraFields?.Invoke(json);
        if (await WritePageAsync(context, json, job, dialect, offset, limit) is not { } next) return;
        json.WritePropertyName("results_next_offset");
        if (next < job.Counters.Total) json.WriteNumberValue(next);
        else json.WriteNullValue();
        json.WriteEndObject();
    }

    /// <summary>Writes a page of results; returns the offset of the next one, or null when the client is gone.</summary>
    private async Task<int?> WritePageAsync(HttpContext context, Utf8JsonWriter json, JobView job, Dialect dialect, int offset, int limit)
    {
        var shown = await PictureLinks.ForAsync(context);
        var (next, bytes) = (offset, 0L);
        var end = (int)Math.Min(job.Counters.Total, (long)offset + limit);
        json.WriteStartArray("results");
        await foreach (var tasks in store.ReadResultsAsync(room, job, offset, end, context.RequestAborted))
        {
            foreach (var task in tasks)
            {
                if (TaskStateMachine.IsTerminal(task.State)) ResultJson.Write(json, job, shown.Of(job, task), dialect);
                await json.FlushAsync(context.RequestAborted);
                if (!await context.Response.BodyWriter.SendPieceAsync(context.RequestAborted)) return null;
                bytes += task.Output.Length + task.Input.Length;
                next = task.Ordinal + 1;
            }

            if (bytes >= MaxPageBytes) break;
        }

        json.WriteEndArray();
        return next;
    }

    /// <summary>Writes one task with its result.</summary>
    public static async Task WriteAsync(HttpContext context, JobView job, TaskView task, Dialect dialect)
    {
        var shown = await PictureLinks.ForAsync(context);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "task");
            TaskJson.WriteFields(json, job, task, dialect);
            json.WriteRaw("output_json", shown.Of(job, task).Output);
            json.WriteEndObject();
        });
    }
}
