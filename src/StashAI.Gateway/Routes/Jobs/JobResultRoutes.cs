using System.Runtime.CompilerServices;
using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>GET /api/jobs/{id}/results</c>: for jobs of any size, no more than a page of it is in memory.</summary>
internal static class JobResultRoutes
{
    private const int PageSize = 500;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/jobs/{id}/results", ReadAsync).Describe(JobDocs.Results).Needs(ApiScope.Read);

    private static async Task ReadAsync(
        HttpContext context, IRead store, TimeProvider clock, IHostApplicationLifetime lifetime, string id)
    {
        var query = context.Request.Query;
        var format = query.Text(JobDocs.Format) ?? "ndjson";
        var follow = query.Flag(JobDocs.Follow, false);
        var byItem = query.Text(JobDocs.Order) != "finished";
        if (!byItem && !follow) throw RequestException.Invalid("order", "finished is for results as they come: add follow=true.");
        if (follow && format == "zip") throw RequestException.Invalid("follow", "an archive has its end; use format=ndjson or csv.");
        if (follow && format == "json") throw RequestException.Invalid("follow", "a page of JSON has its end; use format=ndjson or csv.");
        if (format != "json" && query.Text(ParameterDoc.Cursor) is not null)
            throw RequestException.Invalid("cursor", "a stream has no pages; use format=json.");
        var states = StateFilter.Results(query);
        var limit = query.LongNumber(ParameterDoc.Limit);
        var after = PageCursor.Read(query);
        var job = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        var shown = await PictureLinks.ForAsync(context);
        if (format == "json")
        {
            await WritePageAsync(context, store, job, shown, states, (int)(limit ?? PageSize), after);
            return;
        }

        if (format == "zip")
        {
            await WriteZipAsync(context, store, job, shown, states, limit ?? long.MaxValue);
            return;
        }

        context.Response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson";
        var writer = new ResultStreamWriter(context.Response.BodyWriter, job, isCsv: format == "csv");
        writer.WriteHead();
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        var left = limit ?? long.MaxValue;
        var source = follow
            ? ResultFollower.ReadAsync(store, job, byItem, clock, lifetime.ApplicationStopping, context.RequestAborted)
            : AllAsync(store, job, context.RequestAborted);
        await foreach (var tasks in source)
        {
            foreach (var task in tasks)
            {
                if (left == 0 || !states.Contains(task.State)) continue;
                left--;
                writer.Write(shown.Of(job, task));
            }

            var flushed = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            if (flushed.IsCompleted || left == 0) return;
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<TaskView>> AllAsync(
        IRead store, JobView job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var from = 0; from < job.Counters.Total;)
        {
            var tasks = await store.ListTasksAsync(job.Key, from, PageSize, withOutput: true, cancellationToken);
            if (tasks.Count == 0) yield break;
            yield return tasks;
            from = tasks[^1].Ordinal + 1;
        }
    }

    private static async Task WritePageAsync(
        HttpContext context, IRead store, JobView job, ShownResults shown, IReadOnlyList<TaskState> states, int limit,
            long? after)
    {
        var page = await store.QueryTasksAsync(
            new TaskQuery { JobKey = job.Key, States = states, Limit = limit, After = after }, context.RequestAborted);
        context.Response.ContentType = WireJson.ContentType;
        await using var json = WireJson.Begin(context);
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var keys in page.Tasks.Select(task => task.Key).Chunk(50))
        {
            foreach (var task in await store.FindTasksAsync(keys, withOutput: true, context.RequestAborted))
                WriteResult(json, job, shown.Of(job, task));
            await json.FlushAsync(context.RequestAborted);
        }

        json.WriteEndArray();
        EntryJson.WriteEnd(json, page.Next is { } next ? PageCursor.Write(next) : null, page.Total, page.IsTotalExact);
        json.WriteEndObject();
    }

    private static async Task WriteZipAsync(
        HttpContext context, IRead store, JobView job, ShownResults shown, IReadOnlyList<TaskState> states, long limit)
    {
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{job.JobId}.zip\"";
        var output = context.Response.BodyWriter;
        await using var zip = await ResultZipWriter.CreateAsync(new PipeStream(output), job, context.RequestAborted);
        await foreach (var tasks in AllAsync(store, job, context.RequestAborted))
        {
            foreach (var task in tasks.Where(task => states.Contains(task.State)))
            {
                if (limit-- == 0) return;
                await zip.WriteAsync(shown.Of(job, task), context.RequestAborted);
                if ((await output.FlushAsync(context.RequestAborted)).IsCompleted) return;
            }
        }
    }

    internal static void WriteResult(Utf8JsonWriter json, JobView job, TaskView task)
    {
        json.WriteStartObject();
        json.WriteNumber("index", task.Ordinal);
        json.WriteString("id", TaskKey.TaskId(job.JobId, task.Ordinal));
        ItemNames.Write(json, task);
        json.WriteString("state", DialectWords.State(task.State));
        json.WriteString("error_kind", task.ErrorKind == ErrorKind.None ? null : ErrorWords.Of(task.ErrorKind));
        json.WriteString("error_message", task.ErrorMessage);
        json.WriteNumberOrNull("processing_ms", task.ProcessingMs);
        json.WriteTime("finished_at", task.FinishedAt);
        json.WriteRaw("result", ResultJson.OnOneLine(task.Output));
        json.WriteEndObject();
    }
}
