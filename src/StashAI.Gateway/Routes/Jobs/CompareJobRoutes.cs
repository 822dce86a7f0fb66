using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>GET /api/jobs/{id}/compare?with=ID</c>.</summary>
internal static class CompareJobRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/jobs/{id}/compare", CompareAsync).Describe(JobDocs.Compare).Needs(ApiScope.Read);

    private static async Task CompareAsync(HttpContext context, IRead store, string id)
    {
        var query = context.Request.Query;
        var with = query.Text(JobDocs.With);
        var kind = query.Text(JobDocs.Kind);
        var limit = query.Number(ParameterDoc.Limit, 100);
        var place = PageCursor.Read(query) ?? 0;
        var here = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        with ??= here.SourceJob?.ToString()
            ?? throw RequestException.NotFound($"The job {id} repeats the items of no other job: give the id of another with with=ID.");
        var there = await QueueLookup.GetJobAsync(store, with, context.RequestAborted);
        var comparison = new JobComparison(store, here, there);
        var (counts, isExact) = await comparison.CountAsync(context.RequestAborted);
        var (items, next) = await comparison.PageAsync(place, limit, kind, context.RequestAborted);
        var known = await ItemNames.ReadKnownAsync(
            store, items.Select(item => item.Here is { } own ? TaskKey.From(here.Key, own) : TaskKey.From(there.Key, item.There!.Value)),
            context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("job_id", here.JobId);
            json.WriteString("with", there.JobId);
            json.WriteString("matched_by", comparison.IsRerun ? "source" : "position");
            json.WriteStartObject("counts");
            foreach (var one in JobComparison.Kinds) json.WriteNumber(one, counts[one]);
            json.WriteEndObject();
            json.WriteStartArray("data");
            foreach (var item in items)
            {
                json.WriteStartObject();
                json.WriteString("kind", item.Kind);
                Write(json, "index", "id", here, item.Here);
                Write(json, "with_index", "with_id", there, item.There);
                var key = item.Here is { } own ? TaskKey.From(here.Key, own) : TaskKey.From(there.Key, item.There!.Value);
                if (known.TryGetValue(key, out var shown))
                {
                    ItemNames.Write(json, shown.Name);
                    if (shown.Text is { } text) json.WriteString(ItemTexts.Field, text);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            var total = kind is null ? counts.Values.Sum() : counts[kind];
            EntryJson.WriteEnd(json, next is { } cursor ? PageCursor.Write(cursor) : null, total, isExact);
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, string index, string id, JobView job, int? ordinal)
    {
        json.WriteNumberOrNull(index, ordinal);
        json.WriteString(id, ordinal is { } position ? TaskKey.TaskId(job.JobId, position).ToString() : null);
    }
}
