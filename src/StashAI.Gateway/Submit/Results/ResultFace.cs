using System.Globalization;
using System.Text.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Submit.Results;

/// <summary>A face of a stored result of the face service.</summary>
/// <param name="Job">The job of the result.</param>
/// <param name="Result">The result, and the faces of its photo as the face service keeps them.</param>
/// <param name="Face">The position of the face in the result, from 0.</param>
/// <param name="Picture">The picture of the face, a JPEG; null when the result has none.</param>
internal sealed record ResultFace(JobView Job, StoredResult Result, int Face, byte[]? Picture)
{
    private const string SourceStart = "result:";

    /// <summary>Where the face comes from, as the gallery keeps it.</summary>
    private string Source => $"{SourceStart}{TaskKey.TaskId(Job.JobId, TaskKey.OrdinalOf(Result.TaskKey))}/{Face}";

    /// <summary>The face that a source names; null for one that is no face of a result.</summary>
    public static (string Task, int Face)? ReadSource(string source) =>
        source.StartsWith(SourceStart, StringComparison.Ordinal) && source[SourceStart.Length..].Split('/') is [var task, var position]
        && Guid.TryParse(task, out _) && int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var face)
            ? (task, face)
            : null;

    /// <summary>Writes the face as the gallery of the face service reads it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBase64String("kept_faces", Result.Derived.Span);
        json.WriteNumber("index", Face);
        json.WriteString("source", Source);
        if (Picture is not null) json.WriteBase64String("image", Picture);
        json.WriteEndObject();
    }
}
