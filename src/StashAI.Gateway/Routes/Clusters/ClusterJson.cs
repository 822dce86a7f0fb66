using System.Text.Json;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Clusters;

/// <summary>Groupings, groups and their faces as the API shows them.</summary>
/// <param name="BaseUrl">The address of this gateway, for links to pictures.</param>
/// <param name="Jobs">The jobs of the faces, by internal key.</param>
/// <param name="Names">What clients call the items, by internal key of the task.</param>
/// <param name="People">The people of named groups.</param>
/// <param name="Rejected">The faces of named groups that are not of the group's person.</param>
internal sealed record ClusterJson(
    string BaseUrl, IReadOnlyDictionary<long, JobView> Jobs, IReadOnlyDictionary<long, ItemName> Names,
    IReadOnlyDictionary<Guid, string?> People, IReadOnlySet<StoredMember> Rejected)
{
    /// <summary>Writes how far a grouping is, without the braces around it; null if nobody asked for one.</summary>
    public static void WriteState(
        Utf8JsonWriter json, JobView job, IReadOnlyList<JobView> jobs, Grouping? grouping, BulkOperation? bulk)
    {
        json.WriteString("job_id", job.JobId);
        json.WriteStartArray("jobs");
        foreach (var one in jobs) json.WriteStringValue(one.JobId);
        json.WriteEndArray();
        json.WriteString(
            "state", grouping is null ? RematchJson.None : grouping.IsOver ? "completed" : RematchJson.WordOf(bulk));
        json.WriteNumberOrNull("threshold", grouping?.Threshold);
        json.WriteNumber("min_faces", grouping?.MinSize ?? ClusterRequest.DefaultMinFaces);
        json.WriteNumber("done", grouping?.Done ?? 0);
        json.WriteNumber("total", grouping?.Total ?? job.Counters.Completed);
        json.WriteNumber("faces", grouping?.Parts ?? 0);
        json.WriteNumber("unknown", grouping?.Unknown ?? 0);
        json.WriteNumber("groups", grouping?.Groups ?? 0);
        json.WriteNumberOrNull("gallery_version", grouping?.Version);
        json.WriteTime("started_at", grouping?.StartedAt);
        json.WriteTime("updated_at", grouping?.UpdatedAt);
        json.WriteString("error", grouping is { IsOver: true } ? null : bulk?.Error);
        if (bulk is null) json.WriteNull("bulk");
        else json.WriteString("bulk", bulk.Id);
    }

    /// <summary>Writes a group, without the braces around it.</summary>
    public void WriteGroup(Utf8JsonWriter json, Grouping grouping, StoredGroup group)
    {
        json.WriteString("group", GroupId.Of(grouping, group.Number));
        json.WriteNumber("faces", group.Members);
        json.WriteNumber("photos", group.Results);
        json.WriteNumber("rejected", Rejected.Count(face => face.Number == group.Number));
        if (GroupPeople.IdOf(group) is { } id && People.TryGetValue(id, out var name))
        {
            json.WriteStartObject("person");
            json.WriteString("id", id);
            json.WriteString("name", name);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("person");
        }
    }

    public void WriteFaces(Utf8JsonWriter json, string list, IEnumerable<StoredMember> faces)
    {
        json.WriteStartArray(list);
        foreach (var face in faces)
        {
            if (!Jobs.TryGetValue(TaskKey.JobOf(face.TaskKey), out var job)) continue;
            var task = TaskKey.TaskId(job.JobId, TaskKey.OrdinalOf(face.TaskKey));
            json.WriteStartObject();
            json.WriteString("task", task);
            json.WriteNumber("face", face.Part);
            json.WriteString("job_id", job.JobId);
            if (Names.TryGetValue(face.TaskKey, out var name)) ItemNames.Write(json, name);
            json.WriteString("picture_url", $"{BaseUrl}/api/tasks/{task}/faces/{face.Part}/picture");
            json.WriteBoolean("rejected", Rejected.Contains(face));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
