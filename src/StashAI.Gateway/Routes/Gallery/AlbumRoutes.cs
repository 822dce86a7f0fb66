using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Subjects;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>
/// Which photos show a person, who is on them too, and whom a job shows. It is answered from what the queue stores with each result.
/// </summary>
internal static class AlbumRoutes
{
    private const int UsualPage = 50;

    /// <summary><c>GET /api/people/{id}/photos</c>.</summary>
    public static async Task PhotosAsync(HttpContext context, QueueEngine engine, GalleryClient gallery, string id)
    {
        var query = context.Request.Query;
        var person = SubjectOf(id);
        var (limit, after) = (query.Number(ParameterDoc.Limit, UsualPage), AlbumCursor.ReadPlace(query));
        var least = query.Fraction(AlbumDocs.MinConfidence);
        var job = await FindJobAsync(context, engine);
        var page = await engine.Results.Subjects.ListTasksAsync(new SubjectQuery(person, job, least, after, limit), context.RequestAborted);
        if (page.Tasks.Count == 0) await RequireKnownAsync(context, engine.Results.Subjects, gallery, person);
        var payloads = await engine.Read.ListPayloadsAsync([.. page.Tasks.Select(shown => shown.Task.Key)], context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var shown in page.Tasks) WritePhoto(json, context.Request, shown, person, payloads[shown.Task.Key]);
            json.WriteEndArray();
            EntryJson.WriteEnd(json, page.HasMore ? AlbumCursor.Write(page.Tasks[^1].Place) : null, page.Total, page.IsTotalExact);
            json.WriteEndObject();
        });
    }

    /// <summary><c>GET /api/people/{id}/together</c>.</summary>
    public static async Task TogetherAsync(HttpContext context, QueueEngine engine, GalleryClient gallery, string id)
    {
        var query = context.Request.Query;
        var person = SubjectOf(id);
        var (limit, after) = (query.Number(ParameterDoc.Limit, UsualPage), AlbumCursor.ReadCount(query));
        var job = await FindJobAsync(context, engine);
        var page = await engine.Results.Subjects.ListTogetherAsync(person, job, after, limit, context.RequestAborted);
        if (page.Subjects.Count == 0) await RequireKnownAsync(context, engine.Results.Subjects, gallery, person);
        var ids = page.Subjects.Select(one => one.Subject);
        var known = await AlbumPeople.TryFindAsync(gallery, ids, context.RequestAborted);
        var names = new List<string?>(page.Subjects.Count);
        foreach (var (other, _) in page.Subjects)
        {
            names.Add(
                known.TryGetValue(other, out var found)
                    ? found.Name
                    : await AlbumPeople.NameAsync(engine.Results.Subjects, other, job, context.RequestAborted));
        }

        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var ((other, photos), name) in page.Subjects.Zip(names))
            {
                json.WriteStartObject();
                json.WriteString("id", other);
                json.WriteString("name", name);
                json.WriteNumber("photos", photos);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            EntryJson.WriteEnd(json, page.HasMore ? AlbumCursor.Write(page.Subjects[^1]) : null, page.Total, page.IsTotalExact);
            json.WriteEndObject();
        });
    }

    /// <summary><c>GET /api/people?in_job=</c>.</summary>
    public static async Task ListOfJobAsync(HttpContext context, QueueEngine engine, GalleryClient gallery, string jobId)
    {
        var query = context.Request.Query;
        foreach (var other in (ParameterDoc[])[GalleryDocs.Name, GalleryDocs.Sort])
        {
            if (query.Text(other) is not null)
            {
                throw RequestException.Invalid(
                    other.Name, $"not together with {GalleryDocs.InJob.Name}, whose list begins with those on most photos; leave one out.");
            }
        }

        var (limit, after) = (query.Number(ParameterDoc.Limit, UsualPage), AlbumCursor.ReadCount(query));
        var job = await QueueLookup.GetJobAsync(engine.Read, jobId, context.RequestAborted);
        var page = await engine.Results.Subjects.ListOfJobAsync(job.Key, after, limit, context.RequestAborted);
        var known = await AlbumPeople.FindAsync(gallery, page.Subjects.Select(one => one.Subject), context.RequestAborted);
        var links = await PictureLinks.ForAsync(context);
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var one in page.Subjects.Where(one => !known.ContainsKey(one.Subject)))
            names[one.Subject] = await AlbumPeople.NameAsync(engine.Results.Subjects, one.Subject, job.Key, context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var one in page.Subjects)
            {
                json.WriteStartObject();
                if (known.TryGetValue(one.Subject, out var person)) GalleryJsonText.WriteFields(json, person, links);
                else GalleryJsonText.WriteFormer(json, one.Subject, names[one.Subject]);
                json.WriteNumber("photos", one.Tasks);
                json.WriteNumber("best_confidence", one.Best);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            EntryJson.WriteEnd(
                json, page.HasMore ? AlbumCursor.Write(new SubjectCount(page.Subjects[^1].Subject, page.Subjects[^1].Tasks)) : null,
                page.Total, page.IsTotalExact);
            json.WriteEndObject();
        });
    }

    private static void WritePhoto(
        Utf8JsonWriter json, HttpRequest request, SubjectTask shown, string person, IEnumerable<PayloadRef> payloads)
    {
        var taskId = TaskKey.TaskId(shown.JobId, shown.Task.Ordinal);
        json.WriteStartObject();
        json.WriteString("task_id", taskId);
        json.WriteString("job_id", shown.JobId);
        json.WriteString("job_name", shown.JobName);
        ItemNames.Write(json, shown.Task);
        json.WriteNumber("confidence", shown.Score);
        json.WriteStartArray("faces");
        using (var answer = JsonDocument.Parse(shown.Task.Output))
        {
            foreach (var place in VisageFaces.PlacesOf(answer.RootElement, person))
            {
                json.WriteStartObject();
                json.WriteNumber("face", place.Index);
                json.WriteNumber("confidence", place.Person!.Confidence);
                json.WritePropertyName("box");
                if (place.Element.TryGetProperty("box", out var box)) box.WriteTo(json);
                else json.WriteNullValue();
                json.WriteNumberOrNull("time", place.Time);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        var photo = payloads.FirstOrDefault();
        json.WriteString("photo_url", photo is null ? null : request.LinkTo($"/api/queue/task/{taskId}/input/{photo.Slot}"));
        json.WriteTime("completed_at", shown.Task.FinishedAt);
        json.WriteEndObject();
    }

    /// <summary>The id as results have it.</summary>
    private static string SubjectOf(string id) => Guid.TryParse(id, out var guid) ? guid.ToString()
        : id.Length is > 0 and <= IResultSubjects.MaxIdLength && !id.Contains('\0') ? id
        : throw Unknown(id);

    /// <summary>The key of the job that is asked for; null for all jobs.</summary>
    private static async Task<long?> FindJobAsync(HttpContext context, QueueEngine engine) =>
        context.Request.Query.Text(AlbumDocs.Job) is { } job
            ? (await QueueLookup.GetJobAsync(engine.Read, job, context.RequestAborted)).Key
            : null;

    /// <summary>Throws a 404 for a person whom no result shows and whom the gallery does not know, as far as it can be asked.</summary>
    private static async Task RequireKnownAsync(HttpContext context, ISubjects store, GalleryClient gallery, string person)
    {
        var shown = await store.ListTasksAsync(new SubjectQuery(person, null, null, null, 1), context.RequestAborted);
        if (shown.Tasks.Count > 0) return;
        if (!Guid.TryParse(person, out var id)) throw Unknown(person);
        try
        {
            await gallery.ShowAsync(id, context.RequestAborted);
        }
        catch (RequestException exception) when (exception.Problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            // No stored result shows such a person: that is known without the gallery.
        }
    }

    private static RequestException Unknown(string id) =>
        RequestException.NotFound($"There is no person {id}; GET /api/people lists them.");
}
