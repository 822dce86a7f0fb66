using System.Text.Json;
using StashAI.Adapters.Visage;
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

namespace StashAI.Gateway.Routes.Visage;

/// <summary>
/// `GET /api/visage/job/{id}/items?person=`: the items of a job that show a person. The job's aggregate has the first ten; this reads the
/// results themselves, so many of them at most for one page, and tells where the next page starts.
/// </summary>
internal static class PersonItemRoutes
{
    private const int Page = 200;

    /// <summary>The most results that one page looks at, and the most bytes of them, whoever is in them.</summary>
    private const int MaxExamined = 2000;

    private const long MaxBytes = 64L * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/visage/job/{id}/items", ListAsync)
        .Describe(VisageDocs.PersonItems).Needs(ApiScope.Read);

    private static async Task ListAsync(HttpContext context, IRead store, string id)
    {
        var query = context.Request.Query;
        var limit = query.Number(ParameterDoc.Limit, 100);
        var from = PageCursor.Read(query) ?? 0;
        var personId = query.Text(VisageDocs.Person)
            ?? throw RequestException.Missing(
                VisageDocs.Person.Name, "person is missing: send the id of a person, as people of aggregate_results have it.");
        var job = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        VisageResultRoutes.CheckService(job, $"job {id}");
        var (items, next) = await FindAsync(store, job, personId, from, limit, context.RequestAborted);
        var (total, isExact) = Total(job, personId);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("job_id", job.JobId);
            json.WriteString("person", personId);
            json.WriteStartArray("data");
            foreach (var item in items)
            {
                json.WriteStartObject();
                json.WriteNumber("item", item.Ordinal);
                ItemNames.Write(json, item.Name);
                json.WriteString("task_id", TaskKey.TaskId(job.JobId, item.Ordinal));
                json.WriteNumber("faces", item.Faces);
                json.WriteNumber("best_confidence", item.BestConfidence);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next", next is { } place ? PageCursor.Write(place) : null);
            json.WriteNumber("total", total);
            json.WriteBoolean("total_is_exact", isExact);
            json.WriteEndObject();
        });
    }

    private static async Task<(List<Item> Items, long? Next)> FindAsync(
        IRead store, JobView job, string personId, long from, int limit, CancellationToken cancellationToken)
    {
        var items = new List<Item>();
        var place = (int)Math.Min(from, job.Counters.Total);
        var (examined, bytes) = (0, 0L);
        while (place < job.Counters.Total && items.Count < limit && examined < MaxExamined && bytes < MaxBytes)
        {
            var tasks = await store.ListTasksAsync(
                job.Key, place, Math.Min(Page, job.Counters.Total - place), withOutput: true, cancellationToken);
            if (tasks.Count == 0) break;
            foreach (var task in tasks)
            {
                if (items.Count == limit) break;
                place = task.Ordinal + 1;
                examined++;
                bytes += task.Output.Length;
                if (task.State == TaskState.Completed && Find(task, personId) is { } item) items.Add(item);
            }
        }

        return (items, place < job.Counters.Total ? place : null);
    }

    private static Item? Find(TaskView task, string personId)
    {
        using var answer = JsonDocument.Parse(task.Output);
        var faces = VisageFaces.Of(answer.RootElement).OfType<VisageFace>().Where(face => face.PersonId == personId).ToList();
        return faces.Count == 0 ? null : new Item(task.Ordinal, ItemNames.Of(task), faces.Count, faces.Max(face => face.Confidence));
    }

    /// <summary>How many items the aggregate counted. It does not list everybody: who is not in it has been seen on few.</summary>
    private static (int Total, bool IsExact) Total(JobView job, string personId)
    {
        if (job.Aggregate.IsEmpty) return (0, true);
        using var aggregate = JsonDocument.Parse(job.Aggregate);
        if (!aggregate.RootElement.TryGetProperty("people", out var people)) return (0, true);
        var person = people.EnumerateArray().FirstOrDefault(person => person.GetProperty("id").GetString() == personId);
        var isExact = aggregate.RootElement.GetProperty("faces_of_others").GetInt32() == 0;
        return (person.ValueKind == JsonValueKind.Object ? person.GetProperty("images").GetInt32() : 0, isExact);
    }

    private sealed record Item(int Ordinal, ItemName Name, int Faces, double BestConfidence);
}
