using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Clusters;

/// <summary>Reads <c>without</c> of a request that names a group: those of its faces that are of somebody else.</summary>
internal static class FacesLeftOut
{
    public const string Field = "without";

    private const string Task = "task";
    private const string Face = "face";

    /// <summary>The most faces of one request.</summary>
    private const int MaxFaces = 1000;

    /// <summary>How many faces of a group one read takes.</summary>
    private const int PageSize = 1000;

    /// <summary>The faces to leave out, in the order of the group; empty if the request names none.</summary>
    /// <param name="engine">The queue.</param>
    /// <param name="jobs">The jobs of the grouping that still exist.</param>
    /// <param name="grouping">The grouping.</param>
    /// <param name="group">The group.</param>
    /// <param name="fields">The body of the request.</param>
    /// <param name="cancellationToken">Ends the reads.</param>
    /// <exception cref="RequestException">An entry is not a face of the group, or no face would be left.</exception>
    public static async Task<IReadOnlyList<StoredMember>> ReadAsync(
        QueueEngine engine, IReadOnlyList<JobView> jobs, Grouping grouping, StoredGroup group, JsonFields fields,
        CancellationToken cancellationToken)
    {
        var wanted = ReadEntries(fields);
        if (wanted.Count == 0) return [];
        var ids = jobs.ToDictionary(job => job.Key, job => job.JobId);
        var found = new List<StoredMember>();
        var isOneLeft = false;
        for (var from = 0; from < group.Members && (wanted.Count > 0 || !isOneLeft); from += PageSize)
        {
            var page = await engine.Results.Groupings.ListMembersAsync(
                grouping.JobKey, group.Number, group.Number, from, from + PageSize, cancellationToken);
            foreach (var member in page)
            {
                if (ids.TryGetValue(TaskKey.JobOf(member.TaskKey), out var job)
                    && wanted.Remove((TaskKey.TaskId(job, TaskKey.OrdinalOf(member.TaskKey)), member.Part)))
                {
                    found.Add(member);
                }
                else
                {
                    isOneLeft = true;
                }
            }
        }

        if (wanted.Count > 0)
        {
            var (face, entry) = wanted.MinBy(one => one.Value);
            throw RequestException.Invalid(
                $"{Field}[{entry}]", $"the group has no face {face.Face} of the task {face.Task}; GET the group for its faces.");
        }

        return isOneLeft ? found : throw fields.Invalid(Field, "names all faces of the group; leave at least one of them in.");
    }

    /// <summary>The faces that the request names, each with its position in the list.</summary>
    private static Dictionary<(Guid Task, int Face), int> ReadEntries(JsonFields fields)
    {
        var entries = new Dictionary<(Guid Task, int Face), int>();
        if (fields.Array(Field) is not { } list) return entries;
        if (list.GetArrayLength() is var count && count > MaxFaces)
            throw fields.Invalid(Field, $"has {count} faces; leave out at most {MaxFaces} of a group.");
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            var entry = JsonFields.Item(Field, index, element);
            entry.RefuseUnknown(Task, Face);
            var text = entry.Text(Task) ?? throw entry.Invalid(Task, "is missing; send the id of the task of a face of the group.");
            if (!Guid.TryParse(text, out var task)) throw entry.Invalid(Task, "is not the id of a task; GET the group for its faces.");
            var face = entry.Integer(Face, 0, int.MaxValue)
                ?? throw entry.Invalid(Face, "is missing; send the position of the face in the result, from 0.");
            if (!entries.TryAdd((task, face), index))
            {
                throw RequestException.Invalid(
                    $"{Field}[{index}]", $"is the same face as {Field}[{entries[(task, face)]}]; send each face once.");
            }
        }

        return entries;
    }
}
