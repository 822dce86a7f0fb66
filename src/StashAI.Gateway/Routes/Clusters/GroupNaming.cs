using System.Net.Http.Headers;
using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Clusters;

/// <summary>
/// Enrols a group of unknown faces, once: the id of the person is stored with the group before the face service is asked, so that a request
/// that is repeated after its answer was lost, or after a crash, finds the person of the first one.
/// </summary>
internal sealed class GroupNaming(QueueEngine engine, ResultFaces results, GalleryClient gallery, GroupPeople people)
{
    /// <summary>Lets the face service enrol a person with the id that this gateway chose.</summary>
    private const string PersonHeader = "X-StashAI-Person";

    /// <summary>How many faces are rejected with one call, so that its body stays small.</summary>
    private const int MaxRejected = 100;

    /// <summary>Names a group after a new person, or adds its faces to a known one.</summary>
    /// <param name="context">The request; the caller must own the jobs of the faces.</param>
    /// <param name="grouping">The grouping of the group.</param>
    /// <param name="group">The group.</param>
    /// <param name="name">The name of a new person; null for a known one.</param>
    /// <param name="personId">The known person.</param>
    /// <param name="without">The faces of the group that are of somebody else: they are not enrolled, and rejected for the person.</param>
    /// <returns>
    /// The person; how many faces were sent to the face service, none when the group had this person already; and how many were rejected.
    /// </returns>
    /// <exception cref="RequestException">The group, the name or the person cannot be used.</exception>
    public async Task<(GalleryPerson Person, int Enrolled, int Rejected)> NameAsync(
        HttpContext context, Grouping grouping, StoredGroup group, string? name, Guid? personId, IReadOnlyList<StoredMember> without)
    {
        var cancellationToken = context.RequestAborted;
        var subject = Guid.TryParse(group.Subject, out var stored) ? stored : (Guid?)null;
        var current = subject is { } known ? await people.FindAsync(known, cancellationToken) : null;
        // A face whose stored form was removed cannot be judged again, so that it cannot get the name: nothing needs to be kept of it.
        IReadOnlyList<ResultFace> strangers = [.. (await ReadAsync(context, without)).Select(face => face with { Picture = null })];
        if (current is not null && (group.IsNamed || personId is null))
        {
            if (personId is { } wanted ? wanted != current.Id : name != current.Name) throw NamedAlready(current);
            var again = await RejectAsync(current.Id, strangers);
            await StoreAsync(grouping, group, group.Subject, current.Id, isNamed: true);
            return (current, 0, again);
        }

        var faces = await ReadBestAsync(context, grouping, group, without);
        var id = personId ?? (group.IsNamed ? null : subject) ?? Guid.CreateVersion7();
        if (personId is { } asked && await people.FindAsync(asked, cancellationToken) is null)
            throw RequestException.Invalid("person_id", $"there is no person {asked}; GET /api/people lists them.");
        await StoreAsync(grouping, group, group.Subject, id, isNamed: false);
        GalleryPerson person;
        try
        {
            using var body = ContentOf(name, faces);
            if (personId is null) body.Headers.Add(PersonHeader, id.ToString());
            person = personId is null
                ? await gallery.EnrolAsync(body, cancellationToken)
                : await gallery.AddPhotosAsync(id, body, cancellationToken);
        }
        catch (RequestException exception) when (exception.Problem.Status < StatusCodes.Status500InternalServerError)
        {
            // Refused, so nobody was enrolled.
            await engine.Results.Groupings.NameGroupAsync(
                grouping.JobKey, grouping.BulkKey, group.Number, id.ToString(), null, isNamed: false, CancellationToken.None);
            throw;
        }

        // Before the group is stored as named: until then the same request goes on where this one was broken off.
        var rejected = await RejectAsync(person.Id, strangers);
        await StoreAsync(grouping, group, id.ToString(), id, isNamed: true);
        return (person, faces.Count, rejected);
    }

    private async Task StoreAsync(Grouping grouping, StoredGroup group, string? expected, Guid subject, bool isNamed)
    {
        var isStored = await engine.Results.Groupings.NameGroupAsync(
            grouping.JobKey, grouping.BulkKey, group.Number, expected, subject.ToString(), isNamed, CancellationToken.None);
        if (!isStored)
            throw new RequestException(Problem.Conflict("The group was changed or replaced by another request meanwhile; read it again."));
    }

    /// <summary>Keeps faces as not being of a person, whether or not the client still waits; returns how many.</summary>
    private async Task<int> RejectAsync(Guid person, IReadOnlyList<ResultFace> faces)
    {
        foreach (var some in faces.Chunk(MaxRejected))
        {
            using var body = ContentOf(null, some);
            await gallery.RejectAsync(person, body, CancellationToken.None);
        }

        return faces.Count;
    }

    /// <summary>
    /// The best faces of the group that are still stored and not left out; if all of the best are left out, those after them.
    /// </summary>
    private async Task<IReadOnlyList<ResultFace>> ReadBestAsync(
        HttpContext context, Grouping grouping, StoredGroup group, IReadOnlyList<StoredMember> without)
    {
        var count = Math.Max(1, group.Best);
        var members = await engine.Results.Groupings.ListMembersAsync(
            grouping.JobKey, group.Number, group.Number, 0, count + without.Count, context.RequestAborted);
        var left = members.Except(without).ToList();
        var best = left.Where(member => member.Position < count).ToList();
        var faces = await ReadAsync(context, best.Count > 0 ? best : [.. left.Take(count)]);
        return faces.Count > 0 ? faces : throw new RequestException(Problem.Conflict(
            "The best faces of this group are not stored any more: their jobs or inputs were removed, or they are of a person who was "
            + "deleted. Group the faces again, or enrol photos of the person with POST /api/people."));
    }

    /// <summary>Those of some faces that are still stored.</summary>
    private async Task<IReadOnlyList<ResultFace>> ReadAsync(HttpContext context, IReadOnlyList<StoredMember> members)
    {
        var cancellationToken = context.RequestAborted;
        var jobs = (await engine.Read.FindJobsAsync(
            [.. members.Select(member => TaskKey.JobOf(member.TaskKey)).Distinct()], cancellationToken)).ToDictionary(job => job.Key);
        var faces = new List<ResultFace>();
        foreach (var member in members)
        {
            if (!jobs.TryGetValue(TaskKey.JobOf(member.TaskKey), out var job)) continue;
            context.RequireOwn(job);
            var task = TaskKey.TaskId(job.JobId, TaskKey.OrdinalOf(member.TaskKey)).ToString();
            if ((await results.FindAsync(task, member.Part, cancellationToken)).Found is { Kept.IsEmpty: false } face)
                faces.Add(face);
        }

        return faces;
    }

    private static ByteArrayContent ContentOf(string? name, IReadOnlyList<ResultFace> faces)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (name is not null) json.WriteString("name", name);
            json.WriteStartArray("faces");
            foreach (var face in faces) face.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(AnswerDoc.Json);
        return content;
    }

    private static RequestException NamedAlready(GalleryPerson person) => new(
        Problem.Conflict($"This group is named after {person.Name} already; POST /api/people/{person.Id}/merge joins people.") with
        {
            More = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
            {
                ["person_id"] = JsonSerializer.SerializeToElement(person.Id.ToString()),
            },
        });
}
