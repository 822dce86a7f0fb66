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

    /// <summary>Names a group after a new person, or adds its faces to a known one.</summary>
    /// <param name="context">The request; the caller must own the jobs of the faces.</param>
    /// <param name="grouping">The grouping of the group.</param>
    /// <param name="group">The group.</param>
    /// <param name="name">The name of a new person; null for a known one.</param>
    /// <param name="personId">The known person.</param>
    /// <returns>The person, and how many faces were sent to the face service: none when the group had this person already.</returns>
    /// <exception cref="RequestException">The group, the name or the person cannot be used.</exception>
    public async Task<(GalleryPerson Person, int Faces)> NameAsync(
        HttpContext context, Grouping grouping, StoredGroup group, string? name, Guid? personId)
    {
        var cancellationToken = context.RequestAborted;
        var subject = Guid.TryParse(group.Subject, out var stored) ? stored : (Guid?)null;
        var current = subject is { } known ? await people.FindAsync(known, cancellationToken) : null;
        if (current is not null && (group.IsNamed || personId is null))
        {
            if (personId is { } wanted ? wanted != current.Id : name != current.Name) throw NamedAlready(current);
            await StoreAsync(grouping, group, group.Subject, current.Id, isNamed: true);
            return (current, 0);
        }

        var faces = await ReadFacesAsync(context, grouping, group);
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

        await StoreAsync(grouping, group, id.ToString(), id, isNamed: true);
        return (person, faces.Count);
    }

    private async Task StoreAsync(Grouping grouping, StoredGroup group, string? expected, Guid subject, bool isNamed)
    {
        var isStored = await engine.Results.Groupings.NameGroupAsync(
            grouping.JobKey, grouping.BulkKey, group.Number, expected, subject.ToString(), isNamed, CancellationToken.None);
        if (!isStored)
            throw new RequestException(Problem.Conflict("The group was changed or replaced by another request meanwhile; read it again."));
    }

    /// <summary>The best faces of the group that are still stored.</summary>
    private async Task<IReadOnlyList<ResultFace>> ReadFacesAsync(HttpContext context, Grouping grouping, StoredGroup group)
    {
        var cancellationToken = context.RequestAborted;
        var members = await engine.Results.Groupings.ListMembersAsync(
            grouping.JobKey, group.Number, group.Number, 0, Math.Max(1, group.Best), cancellationToken);
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

        return faces.Count > 0 ? faces : throw new RequestException(Problem.Conflict(
            "The best faces of this group are not stored any more: their jobs or inputs were removed, or they are of a person who was "
            + "deleted. Group the faces again, or enrol photos of the person with POST /api/people."));
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
