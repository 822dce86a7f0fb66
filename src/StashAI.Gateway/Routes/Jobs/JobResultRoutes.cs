using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Answers;
using StashAI.Queue.Live;
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

    /// <summary>The most results that are read at once.</summary>
    private const int OutputsAtOnce = 50;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/jobs/{id}/results", ReadAsync).Describe(JobDocs.Results).Needs(ApiScope.Read);

    private static Task ReadAsync(
        HttpContext context, IRead store, DownloadRoom room, QueueFeed feed, PublicUrl address, TimeProvider clock,
        IHostApplicationLifetime lifetime, Operations operations, string id) =>
        context.AnswerOrCutAsync(WriteAsync(context, store, room, feed, address, clock, lifetime, operations, id));

    private static async Task WriteAsync(
        HttpContext context, IRead store, DownloadRoom room, QueueFeed feed, PublicUrl address, TimeProvider clock,
        IHostApplicationLifetime lifetime, Operations operations, string id)
    {
        var query = context.Request.Query;
        var format = query.Text(JobDocs.Format) ?? "ndjson";
        var follow = query.Flag(JobDocs.Follow, false);
        var byItem = query.Text(JobDocs.Order) != "finished";
        var from = query.Number(JobDocs.FromItem, 0);
        CheckFormat(query, format, follow, byItem, from);
        var states = StateFilter.Results(query);
        var limit = query.LongNumber(ParameterDoc.Limit);
        var after = PageCursor.Read(query);
        var job = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        var shown = await PictureLinks.ForAsync(context);
        var prompts = Prompts.Of(job, operations);
        if (format == "json")
        {
            await WritePageAsync(context, store, room, job, shown, prompts, states, (int)(limit ?? PageSize), after);
            return;
        }

        if (format == "zip")
        {
            await WriteZipAsync(context, store, room, job, shown, prompts, states, limit ?? long.MaxValue);
            return;
        }

        var results = new WrittenResults(job, shown, states, limit ?? long.MaxValue, isCsv: format == "csv", prompts);
        context.Response.ContentType = results.ContentType;
        ResultFileNames.SetOn(context.Response, job, format);
        var source = follow
            ? ResultFollower.ReadAsync(store, room, feed, job, from, byItem, clock, lifetime.ApplicationStopping, context.RequestAborted)
            : Source();
        if (follow || !JobStateMachine.IsTerminal(job.State))
        {
            // The head is known at once, also where the body comes while the job runs.
            if (HeadRequests.IsHead(context)) return;
            await results.WriteAsync(context.Response.BodyWriter, source, context.RequestAborted);
            return;
        }

        // Links to pictures are part of the bytes; they differ by the address of the client's server, and every day.
        var version = $"{job.JobId} {job.Version} {context.Request.QueryString} {address.Of(context.Request)} "
            + $"{clock.GetUtcNow():yyyy-MM-dd}";
        await ResultRange.WriteAsync(
            context, () => results.WriteAsync(context.Response.BodyWriter, Source(), context.RequestAborted),
            () => results.BytesAsync(Source()), version);

        IAsyncEnumerable<IReadOnlyList<TaskView>> Source() => byItem
            ? store.ReadResultsAsync(room, job, from, job.Counters.Total, context.RequestAborted)
            : FinishedResults.ReadAsync(store, room, job, from, context.RequestAborted);
    }

    private static void CheckFormat(IQueryCollection query, string format, bool follow, bool byItem, int from)
    {
        var isStream = format is "ndjson" or "csv";
        if (!byItem && !isStream) throw RequestException.Invalid("order", "finished is for streams; use format=ndjson or csv.");
        if (from > 0 && !isStream) throw RequestException.Invalid("from", "is for streams; use format=ndjson or csv.");
        if (follow && format == "zip") throw RequestException.Invalid("follow", "an archive has its end; use format=ndjson or csv.");
        if (follow && format == "json") throw RequestException.Invalid("follow", "a page of JSON has its end; use format=ndjson or csv.");
        if (format != "json" && query.Text(ParameterDoc.Cursor) is not null)
            throw RequestException.Invalid("cursor", "a stream has no pages; use format=json.");
    }

    private static async Task WritePageAsync(
        HttpContext context, IRead store, DownloadRoom room, JobView job, ShownResults shown, Prompts prompts,
        IReadOnlyList<TaskState> states, int limit, long? after)
    {
        var page = await store.QueryTasksAsync(
            new TaskQuery { JobKey = job.Key, States = states, Limit = limit, After = after }, context.RequestAborted);
        context.Response.ContentType = WireJson.ContentType;
        await using var json = WireJson.Begin(context);
        json.WriteStartObject();
        json.WriteStartArray("data");
        using var download = room.Begin();
        for (var at = 0; at < page.Tasks.Count;)
        {
            long[] keys = [.. page.Tasks.Skip(at).Take(download.TasksByKeys(OutputsAtOnce)).Select(task => task.Key)];
            var found = await store.FindTasksAsync(keys, withOutput: true, context.RequestAborted);
            if (found.Count < keys.Length) throw LostResults.Deleted(job);
            download.Read(found);
            foreach (var task in found)
            {
                WriteResult(json, job, shown.Of(job, task), prompts, hasText: true);
                await json.FlushAsync(context.RequestAborted);
                if (!await context.Response.BodyWriter.SendPieceAsync(context.RequestAborted)) return;
            }

            at += keys.Length;
        }

        json.WriteEndArray();
        EntryJson.WriteEnd(json, page.Next is { } next ? PageCursor.Write(next) : null, page.Total, page.IsTotalExact);
        json.WriteEndObject();
    }

    private static async Task WriteZipAsync(
        HttpContext context, IRead store, DownloadRoom room, JobView job, ShownResults shown, Prompts prompts,
        IReadOnlyList<TaskState> states, long limit)
    {
        context.Response.ContentType = "application/zip";
        ResultFileNames.SetOn(context.Response, job, "zip");
        var output = context.Response.BodyWriter;
        await using var zip = await ResultZipWriter.CreateAsync(new PipeStream(output), job, prompts, context.RequestAborted);
        await foreach (var tasks in store.ReadResultsAsync(room, job, 0, job.Counters.Total, context.RequestAborted))
        {
            foreach (var task in tasks.Where(task => states.Contains(task.State)))
            {
                if (limit-- == 0) return;
                await zip.WriteAsync(shown.Of(job, task), context.RequestAborted);
                if ((await output.FlushAsync(context.RequestAborted)).IsCompleted) return;
            }
        }
    }

    /// <param name="json">Takes the result.</param>
    /// <param name="job">The job of the task.</param>
    /// <param name="task">The task with its result.</param>
    /// <param name="prompts">The prompts of the job.</param>
    /// <param name="hasText">True for a page, in which people look for their items; a stream of a million results does without.</param>
    internal static void WriteResult(Utf8JsonWriter json, JobView job, TaskView task, Prompts prompts, bool hasText = false)
    {
        json.WriteStartObject();
        json.WriteNumber("index", task.Ordinal);
        json.WriteString("id", TaskKey.TaskId(job.JobId, task.Ordinal));
        ItemNames.Write(json, task);
        if (hasText) ItemTexts.Write(json, task);
        prompts.Write(json, task);
        json.WriteString("state", DialectWords.State(task.State));
        json.WriteString("error_kind", task.ErrorKind == ErrorKind.None ? null : ErrorWords.Of(task.ErrorKind));
        json.WriteString("error_message", task.ErrorMessage);
        json.WriteNumberOrNull("processing_ms", task.ProcessingMs);
        JobCost.WritePrice(json, "cost", JobCost.Of(task));
        json.WriteTime("finished_at", task.FinishedAt);
        json.WriteRaw("result", ResultJson.OnOneLine(task.Output));
        json.WriteEndObject();
    }
}
