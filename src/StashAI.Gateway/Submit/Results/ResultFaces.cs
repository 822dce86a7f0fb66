using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// Reads faces of stored results, which requests name by task and position: <c>{"task": id, "face": 0}</c>. The form of the stored faces
/// is private to the face service; they are passed on as they are.
/// </summary>
internal sealed class ResultFaces(QueueEngine engine)
{
    private const string Task = "task";
    private const string Face = "face";

    /// <summary>True for an element of a list of faces that names a face of a result.</summary>
    public static bool IsOne(JsonElement element) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(Task, out _);

    /// <summary>Finds the face that an element of a list names.</summary>
    /// <param name="list">The name of the list, for refusals.</param>
    /// <param name="index">The position in the list.</param>
    /// <param name="element">The element.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="RequestException">There is no such face, or it is not stored; the error names the element's member.</exception>
    public async Task<ResultFace> ReadAsync(string list, int index, JsonElement element, CancellationToken cancellationToken)
    {
        var fields = JsonFields.Item(list, index, element);
        fields.RefuseUnknown(Task, Face);
        var id = fields.Text(Task) ?? throw fields.Invalid(Task, "is missing; send the id of a task with a result.");
        var face = fields.Integer(Face, 0, int.MaxValue)
            ?? throw fields.Invalid(Face, "is missing; send the position of the face in the result, from 0.");
        var (found, member, reason) = await FindAsync(id, face, cancellationToken);
        if (found is { Kept.IsEmpty: true }) (found, member, reason) = (null, Task, NothingStored(id));
        return found ?? throw fields.Invalid(member!, reason!);
    }

    /// <summary>Finds a face of a result, also one whose stored form was removed.</summary>
    /// <returns>The face; or the member of the name that is wrong, and why.</returns>
    public async Task<(ResultFace? Found, string? Member, string? Reason)> FindAsync(
        string task, int face, CancellationToken cancellationToken)
    {
        if (await QueueLookup.FindAsync(engine.Read, task, cancellationToken) is not { Ordinal: not null } entry)
            return (null, Task, $"there is no task {Excerpt.Of(task)}; GET /api/tasks lists the tasks.");
        if (entry.Job.Service != VisageAdapter.Name)
            return (null, Task, $"the task {task} is of {entry.Job.Service}; send a task of {VisageAdapter.Name}.");
        if (await engine.Results.Rematches.FindResultAsync(entry.TaskKey, cancellationToken) is not { } result)
            return (null, Task, $"the task {task} has not completed; send a task with a result.");
        using var document = JsonDocument.Parse(result.Output);
        if (!IsOfFaces(document.RootElement)) return (null, Task, NothingStored(task));
        var faces = VisageFaces.PlacesOf(document.RootElement).ToList();
        var count = faces.Count;
        if (face >= count)
        {
            var way = count switch { 0 => "send another task.", 1 => "send 0.", _ => $"send a number from 0 to {count - 1}." };
            return (null, Face, $"the result of the task {task} has {count} faces; {way}");
        }

        var element = faces[face].Element;
        if (VisageFaces.IsErased(element))
            return (null, Face, $"the face {face} of the task {task} is of a person who was deleted; nothing of it is kept.");
        var (kept, keptAt) = VisageFaces.Kept(result.Derived, face);
        return (new ResultFace(entry.Job, result.TaskKey, face, kept, keptAt, PictureOf(element)), null, null);
    }

    /// <summary>Judges the results of some faces again, after the gallery changed; null without faces.</summary>
    /// <param name="faces">The faces.</param>
    /// <param name="askedBy">The name of the caller's API key; null without one.</param>
    public async Task<JudgedResults?> JudgeAsync(IReadOnlyList<ResultFace> faces, string? askedBy)
    {
        if (faces.Count == 0) return null;
        var (judged, waiting, jobs) = (0, 0, new List<Guid>());
        foreach (var ofJob in faces.GroupBy(face => face.Job.Key))
        {
            // The gallery has changed, so this goes through, whether or not the client still waits.
            var job = ofJob.First().Job;
            var tasks = ofJob.Select(face => face.TaskKey).Distinct().ToList();
            var (done, _) = await engine.Results.JudgeResultsAsync(job, tasks, askedBy, CancellationToken.None);
            judged += done;
            waiting += tasks.Count - done;
            jobs.Add(job.JobId);
        }

        return new JudgedResults(judged, waiting, jobs);
    }

    private static string NothingStored(string task) =>
        $"no faces of the task {task} are stored: it ran with an earlier version or on another service, or its inputs were removed. Send "
        + "the photo.";

    /// <summary>False for a result of another form, such as that of a comparison.</summary>
    private static bool IsOfFaces(JsonElement result) =>
        VisageFaces.IsVideo(result)
        || (result.ValueKind == JsonValueKind.Object && result.TryGetProperty("data", out var data)
            && data.ValueKind == JsonValueKind.Array && data.GetArrayLength() > 0 && data[0].ValueKind == JsonValueKind.Array);

    private static byte[]? PictureOf(JsonElement face) =>
        face.ValueKind == JsonValueKind.Object && face.TryGetProperty("image", out var image) && image.ValueKind == JsonValueKind.String
        && image.TryGetBytesFromBase64(out var jpeg) && jpeg is [0xFF, 0xD8, 0xFF, ..]
            ? jpeg
            : null;
}
