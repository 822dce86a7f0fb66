using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary>Streams the results of a job, one JSON document per line. For jobs of any size, only a page is in memory.</summary>
internal static class Ndjson
{
    public const string ContentType = "application/x-ndjson";

    private const int Page = 500;

    /// <summary>True when the client requests it (<c>Accept</c>, or <c>?format=ndjson</c>).</summary>
    public static bool IsWanted(HttpRequest request) =>
        IsNamed(request) || request.Headers.Accept.Any(line => line?.Contains(ContentType, StringComparison.OrdinalIgnoreCase) == true);

    private static bool IsNamed(HttpRequest request) => (string?)request.Query["format"] switch
    {
        null or "" or "json" => false,
        "ndjson" => true,
        var other => throw RequestException.Invalid("format", $"'{Excerpt.Of(other)}' is not valid; use json or ndjson."),
    };

    /// <summary>Writes the tasks that have ended, from <c>?offset=</c> on, in the order of the items.</summary>
    public static async Task WriteAsync(HttpContext context, IRead store, JobView job, Dialect dialect)
    {
        var offset = QueryNumber.Read(context.Request.Query, "offset", 0, 0, int.MaxValue);
        context.Response.ContentType = ContentType;
        var pipe = context.Response.BodyWriter;
        using var ids = new ItemIds(job);
        var shown = await PictureLinks.ForAsync(context);
        await using var json = new Utf8JsonWriter(pipe, WireJson.Options);
        for (var from = offset; from < job.Counters.Total;)
        {
            var tasks = await store.ListTasksAsync(job.Key, from, Page, withOutput: true, context.RequestAborted);
            if (tasks.Count == 0) break;
            foreach (var task in tasks)
            {
                if (!TaskStateMachine.IsTerminal(task.State)) continue;
                json.Reset();
                ResultJson.WriteLine(json, job, shown.Of(job, task), ids, dialect);
                json.Flush();
                pipe.GetSpan(1)[0] = (byte)'\n';
                pipe.Advance(1);
            }

            from = tasks[^1].Ordinal + 1;
            await pipe.FlushAsync(context.RequestAborted);
        }
    }
}
