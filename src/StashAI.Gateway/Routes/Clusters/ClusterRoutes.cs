using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Gallery;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Clusters;

/// <summary><c>/api/jobs/{id}/clusters</c>: the unknown faces of jobs, grouped by person, and naming a group.</summary>
internal static class ClusterRoutes
{
    /// <summary>How many faces of each group a page shows.</summary>
    private const int Examples = 4;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/jobs/{id}/clusters", StartAsync).Describe(ClusterDocs.Start).Needs(ApiScope.Submit);
        routes.MapGet("/api/jobs/{id}/clusters", ListAsync).Describe(ClusterDocs.List).Needs(ApiScope.Read);
        routes.MapGet("/api/jobs/{id}/clusters/{group}", ShowAsync).Describe(ClusterDocs.Show).Needs(ApiScope.Read);
        routes.MapPost("/api/jobs/{id}/clusters/{group}/name", NameAsync).Describe(ClusterDocs.NameGroup).Needs(ApiScope.Submit);
    }

    private static async Task StartAsync(HttpContext context, QueueEngine engine, BodyReader bodies, AuditLog audit, string id)
    {
        using var body = await BodyReader.HasBodyAsync(context) ? await bodies.ReadAsync(context) : null;
        if (body is null && context.Response.HasStarted) return;
        var job = await QueueLookup.GetJobAsync(engine.Read, id, context.RequestAborted);
        var request = await ClusterRequest.ReadAsync(context, engine, job, body?.Root);
        var ids = request.Jobs.Select(one => one.JobId).ToList();
        var bulk = await engine.Results.StartGroupingAsync(
            request.Jobs,
            new NewBulk(
                Guid.CreateVersion7(), BulkAction.Group, null, JsonSerializer.Serialize(new { ids }),
                new JobQuery { Limit = 1, OnlyIds = [job.JobId] }, context.KeyName(), 1)
            { Threshold = request.Threshold },
            request.MinFaces, context.RequestAborted);
        await audit.WriteAsync(
            context, "cluster", "job", job.JobId, new { jobs = ids, threshold = request.Threshold, min_faces = request.MinFaces });
        var grouping = await engine.Results.Groupings.FindGroupingAsync(job.Key, CancellationToken.None) ?? throw Missing(id);
        context.Response.Headers.Location = $"/api/jobs/{job.JobId}/clusters";
        await WriteNoGroupsAsync(context, StatusCodes.Status202Accepted, job, request.Jobs, grouping, bulk);
    }

    private static async Task ListAsync(
        HttpContext context, QueueEngine engine, GroupPeople people, RejectedMembers rejected, PublicUrl publicUrl, string id)
    {
        var cancellationToken = context.RequestAborted;
        var limit = context.Request.Query.Number(ParameterDoc.Limit, 50);
        var from = (int)Math.Min(PageCursor.Read(context.Request.Query) ?? 0, int.MaxValue);
        var job = await QueueLookup.GetJobAsync(engine.Read, id, cancellationToken);
        // The groups after the state: those of a grouping that is over are there.
        var read = await WorkOnJob.ReadAsync(
            () => engine.Results.Groupings.FindGroupingAsync(job.Key, cancellationToken), work => work.IsOver, work => work.BulkKey,
            key => WorkOnJob.FindBulkAsync(engine, key, cancellationToken));
        if (read is not var (grouping, bulk))
        {
            await WriteNoGroupsAsync(context, StatusCodes.Status200OK, job, [job], null, null);
            return;
        }

        var found = await engine.Results.Groupings.ListGroupsAsync(job.Key, from, limit + 1, cancellationToken);
        var page = found.Take(limit).Where(group => !GroupPeople.IsErased(group)).ToList();
        IReadOnlyList<StoredMember> faces = page.Count == 0 ? [] : await engine.Results.Groupings.ListMembersAsync(
            job.Key, page[0].Number, page[^1].Number, 0, Examples, cancellationToken);
        var jobs = await JobsAsync(engine, grouping, cancellationToken);
        var shown = new ClusterJson(
            publicUrl.Of(context.Request), jobs.ToDictionary(one => one.Key),
            await ItemNames.ReadAsync(engine.Read, faces.Select(face => face.TaskKey), cancellationToken),
            await people.ReadAsync(page, cancellationToken), await rejected.ReadAsync(grouping, jobs, page, cancellationToken));
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            ClusterJson.WriteState(json, job, jobs, grouping, bulk);
            json.WriteStartArray("data");
            foreach (var group in page)
            {
                json.WriteStartObject();
                shown.WriteGroup(json, grouping, group);
                shown.WriteFaces(json, "examples", faces.Where(face => face.Number == group.Number));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next", found.Count > limit ? PageCursor.Write(found[limit].Number) : null);
            json.WriteEndObject();
        });
    }

    private static async Task ShowAsync(
        HttpContext context, QueueEngine engine, GroupPeople people, RejectedMembers rejected, PublicUrl publicUrl, string id,
        string group)
    {
        var cancellationToken = context.RequestAborted;
        var limit = context.Request.Query.Number(ParameterDoc.Limit, 50);
        var from = (int)Math.Min(PageCursor.Read(context.Request.Query) ?? 0, int.MaxValue / 2);
        var (job, grouping) = await GetAsync(engine, id, cancellationToken);
        var found = await GetGroupAsync(engine, job, grouping, group, cancellationToken);
        var faces = await engine.Results.Groupings.ListMembersAsync(
            job.Key, found.Number, found.Number, from, from + limit, cancellationToken);
        var jobs = await JobsAsync(engine, grouping, cancellationToken);
        var shown = new ClusterJson(
            publicUrl.Of(context.Request), jobs.ToDictionary(one => one.Key),
            await ItemNames.ReadAsync(engine.Read, faces.Select(face => face.TaskKey), cancellationToken),
            await people.ReadAsync([found], cancellationToken), await rejected.ReadAsync(grouping, jobs, [found], cancellationToken));
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            shown.WriteGroup(json, grouping, found);
            shown.WriteFaces(json, "data", faces);
            EntryJson.WriteEnd(json, from + limit < found.Members ? PageCursor.Write(from + limit) : null, found.Members, true);
            json.WriteEndObject();
        });
    }

    private static async Task NameAsync(
        HttpContext context, QueueEngine engine, GroupNaming naming, BodyReader bodies, AuditLog audit, string id, string group)
    {
        using var body = await BodyReader.HasBodyAsync(context)
            ? await bodies.ReadAsync(context)
            : throw RequestException.Missing("body", "The body must be a JSON object with name or person_id.");
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("name", "person_id", FacesLeftOut.Field);
        var (name, personId) = (fields.Text("name")?.Trim(), PersonIdOf(fields));
        if (name is null == personId is null) throw fields.Invalid("name", "send either the name of a new person, or person_id.");
        if (name is "") throw fields.Invalid("name", "is empty; send the name of the person.");
        var (job, grouping) = await GetAsync(engine, id, context.RequestAborted);
        context.RequireOwn(job);
        var found = await GetGroupAsync(engine, job, grouping, group, context.RequestAborted);
        var jobs = await JobsAsync(engine, grouping, context.RequestAborted);
        var without = await FacesLeftOut.ReadAsync(engine, jobs, grouping, found, fields, context.RequestAborted);
        var (person, faces, rejected) = await naming.NameAsync(context, grouping, found, name, personId, without);
        await audit.WriteAsync(context, "name_group", "person", person.Id, new { job = job.JobId, group, faces, rejected });

        // The gallery has changed, so this goes through, whether or not the client still waits.
        var links = await PictureLinks.ForAsync(context);
        var rematch = await RematchAsync(context, engine, grouping);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("enrolled", faces);
            json.WriteNumber("rejected", rejected);
            json.WritePropertyName("person");
            GalleryJsonText.Write(json, person, links);
            json.WritePropertyName("rematch");
            RematchJson.Write(json, rematch.Job ?? job, rematch.Progress, rematch.Bulk);
            json.WriteEndObject();
        });
    }

    /// <summary>Judges the jobs again; returns the rematch of the first.</summary>
    private static async Task<(JobView? Job, RematchProgress? Progress, BulkOperation? Bulk)> RematchAsync(
        HttpContext context, QueueEngine engine, Grouping grouping)
    {
        (JobView? Job, RematchProgress? Progress, BulkOperation? Bulk) first = default;
        foreach (var job in await JobsAsync(engine, grouping, CancellationToken.None))
        {
            var threshold = (await engine.Results.Rematches.FindRematchAsync(job.Key, CancellationToken.None))?.Threshold;
            var (progress, bulk) = await RematchRoutes.BeginAsync(
                engine, job, threshold, context.KeyName(), awaitsEnd: true, CancellationToken.None);
            if (first.Job is null) first = (job, progress, bulk);
        }

        return first;
    }

    /// <summary>Writes a grouping without groups: one that has just begun, or none.</summary>
    private static Task WriteNoGroupsAsync(
        HttpContext context, int status, JobView job, IReadOnlyList<JobView> jobs, Grouping? grouping, BulkOperation? bulk) =>
        WireJson.WriteAsync(context, status, json =>
        {
            json.WriteStartObject();
            ClusterJson.WriteState(json, job, jobs, grouping, bulk);
            json.WriteStartArray("data");
            json.WriteEndArray();
            json.WriteNull("next");
            json.WriteEndObject();
        });

    private static Guid? PersonIdOf(JsonFields fields) => fields.Text("person_id") switch
    {
        null => null,
        var text when Guid.TryParse(text, out var id) => id,
        _ => throw fields.Invalid("person_id", "is not an id; GET /api/people lists people with their ids."),
    };

    private static async Task<(JobView Job, Grouping Grouping)> GetAsync(QueueEngine engine, string id, CancellationToken cancellationToken)
    {
        var job = await QueueLookup.GetJobAsync(engine.Read, id, cancellationToken);
        return (job, await engine.Results.Groupings.FindGroupingAsync(job.Key, cancellationToken) ?? throw Missing(id));
    }

    private static async Task<StoredGroup> GetGroupAsync(
        QueueEngine engine, JobView job, Grouping grouping, string group, CancellationToken cancellationToken) =>
        GroupId.Read(grouping, group) is { } number
        && await engine.Results.Groupings.ListGroupsAsync(job.Key, number, 1, cancellationToken) is [var found] && found.Number == number
        && !GroupPeople.IsErased(found)
            ? found
            : throw RequestException.NotFound(
                $"The job {job.JobId} has no group {Excerpt.Of(group)}; GET /api/jobs/{job.JobId}/clusters lists its groups.");

    /// <summary>The jobs of a grouping that still exist, in order.</summary>
    private static async Task<IReadOnlyList<JobView>> JobsAsync(
        QueueEngine engine, Grouping grouping, CancellationToken cancellationToken)
    {
        var found = (await engine.Read.FindJobsAsync(grouping.Jobs, cancellationToken)).ToDictionary(job => job.Key);
        return [.. grouping.Jobs.Where(found.ContainsKey).Select(key => found[key])];
    }

    private static RequestException Missing(string id) =>
        RequestException.NotFound($"The faces of the job {id} were never grouped; POST /api/jobs/{id}/clusters does it.");
}
