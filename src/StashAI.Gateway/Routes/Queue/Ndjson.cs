using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary>
/// The results of a job as a stream, one JSON document a line, for jobs of any size: no more than a page of it is in memory.
/// </summary>
internal static class Ndjson
{
    public const string ContentType = "application/x-ndjson";

    /// <summary>True when the client requests it (<c>Accept</c>, or <c>?format=ndjson</c>).</summary>
    public static bool IsWanted(HttpRequest request) =>
        IsNamed(request) || request.Headers.Accept.Any(line => line?.Contains(ContentType, StringComparison.OrdinalIgnoreCase) == true);

    private static bool IsNamed(HttpRequest request) => request.Query.Text(ParameterDoc.ResultFormat) == "ndjson";

    /// <summary>Writes the tasks that are over now, in the order of the items: all, or those of the page that the query names.</summary>
    public static Task WriteAsync(HttpContext context, IRead store, DownloadRoom room, JobView job, Dialect dialect) =>
        context.AnswerOrCutAsync(WriteLinesAsync(context, store, room, job, dialect));

    private static async Task WriteLinesAsync(HttpContext context, IRead store, DownloadRoom room, JobView job, Dialect dialect)
    {
        var query = context.Request.Query;
        var offset = query.Number(ParameterDoc.Offset, 0);
        var end = query.LongNumber(ParameterDoc.LimitFromZero) is { } limit
            ? Math.Min(job.Counters.Total, offset + (int)limit)
            : job.Counters.Total;
        context.Response.ContentType = ContentType;
        var pipe = context.Response.BodyWriter;
        var shown = await PictureLinks.ForAsync(context);
        await using var json = new Utf8JsonWriter(pipe, WireJson.Options);
        await foreach (var tasks in store.ReadResultsAsync(room, job, offset, end, context.RequestAborted))
        {
            foreach (var task in tasks)
            {
                if (!TaskStateMachine.IsTerminal(task.State)) continue;
                json.Reset();
                ResultJson.WriteLine(json, job, shown.Of(job, task), dialect);
                json.Flush();
                pipe.GetSpan(1)[0] = (byte)'\n';
                pipe.Advance(1);
                if (!await pipe.SendPieceAsync(context.RequestAborted)) return;
            }

            if ((await pipe.FlushAsync(context.RequestAborted)).IsCompleted) return;
        }
    }
}
