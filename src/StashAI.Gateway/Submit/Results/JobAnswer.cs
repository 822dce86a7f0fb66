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
    private const int DefaultResults = 100;
    private const int MaxResults = 1000;

    /// <summary>Estimates when the job will end; null when nothing was measured or nothing is open.</summary>
    public Task<Eta?> EstimateAsync(JobView job, CancellationToken cancellationToken) => etas.ReadAsync(job, cancellationToken);

    /// <summary>Writes a job, or the only task of a lone one; <paramref name="writeExtraFields"/> adds fields at its end, and
    /// <paramref name="minResults"/> so many results are shown when the client does not say how many.</summary>
    public async Task WriteAsync(HttpContext context, JobView job, Dialect dialect, Action<Utf8JsonWriter>? writeExtraFields = null, int minResults = 0)
    {
        var limit = QueryNumber.Read(context.Request.Query, "limit", Math.Max(DefaultResults, minResults), 0, MaxResults);
        var offset = QueryNumber.Read(context.Request.Query, "offset", 0, 0, int.MaxValue);
        var tasks = limit == 0 ? [] : await store.ListTasksAsync(job.Key, offset, limit, withOutput: true, context.RequestAborted);
        var eta = await EstimateAsync(job, context.RequestAborted);
        var wait = await waits.ReadAsync(job, context.RequestAborted);
        var shown = await PictureLinks.ForAsync(context);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "job");
            JobJson.WriteFields(json, job);
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
