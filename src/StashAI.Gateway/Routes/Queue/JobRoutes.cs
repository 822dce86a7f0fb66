using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Previews;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary><c>/api/queue/jobs</c> and <c>/api/queue/job/{id}</c>: the list of jobs and their details.</summary>
internal static class JobRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/queue/jobs", ListAsync)
            .Describe(QueueDocs.Jobs).Needs(ApiScope.Read);
        routes.MapGet("/api/queue/job/{id}", ShowAsync)
            .Describe(QueueDocs.Job).Needs(ApiScope.Read);
    }

    private static async Task ListAsync(HttpContext context, IRead store)
    {
        var query = context.Request.Query;
        var limit = query.Number(ParameterDoc.Limit, 50);
        var offset = query.Number(ParameterDoc.Offset, 0);
        var filter = new JobFilter(
            StatesOf(query), query.Text(ParameterDoc.Adapter), limit, offset, !query.Flag(QueueDocs.IncludeSingle, true))
        {
            Before = PageCursor.Read(query),
            UserId = query.Text(ParameterDoc.User),
            SessionId = query.Text(ParameterDoc.Session),
            NamePart = query.Text(QueueDocs.Name),
        };
        var page = await store.ListJobsAsync(filter, context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("jobs");
            foreach (var job in page.Jobs)
            {
                json.WriteStartObject();
                JobJson.WriteListed(json, job, context.Request);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("total_count", page.TotalCount);
            json.WriteBoolean("total_is_exact", page.IsTotalExact);
            json.WriteNumber("limit", limit);
            json.WriteNumber("offset", offset);
            json.WriteBoolean("has_more", page.HasMore);
            json.WriteString("next", page.Next is { } next ? PageCursor.Write(next) : null);
            json.WriteEndObject();
        });
    }

    /// <summary>
    /// The states of <c>status</c>, without those that <c>include_completed=false</c> or <c>include_partial=false</c> exclude.
    /// </summary>
    private static IReadOnlyList<JobState> StatesOf(IQueryCollection query)
    {
        var asked = DialectWords.ParseJobStates(query.Text(ParameterDoc.Status));
        JobState[] without =
        [
            .. query.Flag(QueueDocs.IncludeCompleted, true) ? [] : new[] { JobState.Completed },
            .. query.Flag(QueueDocs.IncludePartial, true) ? [] : new[] { JobState.Partial },
        ];
        if (without.Length == 0) return asked;
        IEnumerable<JobState> from = asked.Count > 0
            ? asked
            : [JobState.Pending, JobState.Running, JobState.Completed, JobState.Partial, JobState.Failed, JobState.Cancelled];
        JobState[] left = [.. from.Except(without)];
        // An empty list would mean all states; no listed job is ever in this state.
        return left.Length > 0 ? left : [JobState.Staging];
    }

    private static Task ShowAsync(
        HttpContext context, IRead store, DownloadRoom room, JobParts parts, EtaReader etas, WaitReader waits, PreviewShelf previews,
        PreviewMaker maker, string id) =>
        context.AnswerOrCutAsync(WriteJobAsync(context, store, room, parts, etas, waits, previews, maker, id));

    private static async Task WriteJobAsync(
        HttpContext context, IRead store, DownloadRoom room, JobParts parts, EtaReader etas, WaitReader waits, PreviewShelf previews,
        PreviewMaker maker, string id)
    {
        var query = context.Request.Query;
        // Clients that ask for no page read them all.
        var isPage = query.ContainsKey(ParameterDoc.Limit.Name) || query.ContainsKey(ParameterDoc.Offset.Name);
        var limit = isPage ? query.Number(ParameterDoc.LimitFromZero, (int)ParameterDoc.Limit.Most) : int.MaxValue;
        var offset = query.Number(ParameterDoc.Offset, 0);
        var job = await AggregateNames.AddAsync(
            store, await QueueLookup.GetJobAsync(store, id, context.RequestAborted), context.RequestAborted);
        var dialect = DialectWords.Of(context, Dialect.Plugin);
        var detail = InputDetails.Of(
            context.Request, job.PayloadBytes <= InputDetails.FullInputLimit ? InputDetail.Full : InputDetail.Preview);
        var eta = await etas.ReadAsync(job, context.RequestAborted);
        var wait = await waits.ReadAsync(job, context.RequestAborted);
        var shown = await PictureLinks.ForAsync(context);

        context.Response.ContentType = "application/json; charset=utf-8";
        var pipe = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(pipe, WireJson.Options);
        using var inputs = new TaskInputWriter(context, store, parts, json, job, previews);
        json.WriteStartObject();
        JobJson.WriteFields(json, job, context.Request);
        EtaJson.Write(json, eta);
        WaitJson.Write(json, wait);
        JobJson.WriteTaskIds(json, job.JobId, job.Counters.Total);
        json.WriteStartArray("tasks");
        var end = isPage ? Math.Min(job.Counters.Total, offset + limit) : job.Counters.Total;
        await foreach (var tasks in store.ReadResultsAsync(room, job, offset, end, context.RequestAborted))
        {
            var payloads = await TaskInputWriter.LookAsync(store, tasks, detail, context.RequestAborted);
            foreach (var task in tasks)
            {
                json.WriteStartObject();
                TaskJson.WriteFields(json, job, task, dialect);
                json.WriteRaw("output_json", shown.Of(job, task).Output);
                await inputs.WriteAsync(task, detail, payloads[task.Key], context.RequestAborted);
                json.WriteEndObject();
                await json.FlushAsync(context.RequestAborted);
                if (!await pipe.SendPieceAsync(context.RequestAborted)) return;
            }
        }

        if (inputs.FirstPending is { } first) maker.Request(job.Key, first);
        json.WriteEndArray();
        if (isPage)
        {
            json.WriteNumber("limit", limit);
            json.WriteNumber("offset", offset);
            json.WriteBoolean("has_more", end < job.Counters.Total);
        }

        json.WriteEndObject();
    }
}
