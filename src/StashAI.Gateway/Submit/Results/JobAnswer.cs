using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit.Results;

/// <summary>Writes the status answer of a job or a task with its results, the same for all routes.</summary>
internal sealed class JobAnswer(IRead store, EtaReader etas, WaitReader waits)
{
    /// <summary>So many results are shown unless a client says how many.</summary>
    public const int DefaultResults = 100;

    /// <summary>Estimates when the job will end; null when nothing was measured or nothing is open.</summary>
    public Task<Eta?> EstimateAsync(JobView job, CancellationToken cancellationToken) => etas.ReadAsync(job, cancellationToken);

    /// <summary>Writes a job, or the only task of a lone one; <paramref name="writeExtraFields"/> adds fields at its end.</summary>
    public async Task WriteAsync(
        HttpContext context, JobView job, Dialect dialect, int offset, int limit, Action<Utf8JsonWriter>? writeExtraFields = null)
    {
        var tasks = limit == 0 ? [] : await store.ListTasksAsync(job.Key, offset, limit, withOutput: true, context.RequestAborted);
        job = await AggregateNames.AddAsync(store, job, context.RequestAborted);
        var eta = await EstimateAsync(job, context.RequestAborted);
        var wait = await waits.ReadAsync(job, context.RequestAborted);
        var shown = await PictureLinks.ForAsync(context);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "job");
            JobJson.WriteFields(json, job, context.Request);
            json.WriteNumber("progress", job.Counters.ProgressPercentage);
            EtaJson.Write(json, eta);
            WaitJson.Write(json, wait);
            writeExtraFields?.Invoke(json);
            ResultJson.WritePage(json, job, [.. tasks.Select(task => shown.Of(job, task))], offset, dialect);
            json.WriteEndObject();
        });
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
