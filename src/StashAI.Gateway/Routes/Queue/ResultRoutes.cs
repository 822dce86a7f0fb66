using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary><c>GET /api/queue/job/{id}/results</c>: a page of a job's results with its aggregate, or all results as NDJSON.</summary>
internal static class ResultRoutes
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/queue/job/{id}/results", ShowAsync)
     .Describe(QueueDocs.Results).Needs(ApiScope.Read);

    private static async Task ShowAsync(HttpContext context, IRead store, DownloadRoom room, JobAnswer answers, string id)
    {
        var job = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        var dialect = DialectWords.Of(context, Dialect.Default);
        if (Ndjson.IsWanted(context.Request)) await Ndjson.WriteAsync(context, store, room, job, dialect);
        else await WritePageAsync(context, answers, job, dialect);
    }

    /// <summary>The page of results that the query asks for.</summary>
    public static Task WritePageAsync(HttpContext context, JobAnswer answers, JobView job, Dialect dialect)
    {
        var query = context.Request.Query;
        return answers.WriteAsync(
            context, job, dialect, query.Number(ParameterDoc.Offset, 0), query.Number(
                ParameterDoc.LimitFromZero, JobAnswer.DefaultResults));
    }
}
