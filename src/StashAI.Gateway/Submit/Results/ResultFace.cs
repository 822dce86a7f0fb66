using System.Globalization;
using System.Text.Json;
using StashAI.Queue.Model.Jobs;
using Keys = StashAI.Queue.Model.Tasks.TaskKey;

namespace StashAI.Gateway.Submit.Results;

/// <summary>A face of a stored result of the face service.</summary>
/// <param name="Job">The job of the result.</param>
/// <param name="TaskKey">The internal key of its task.</param>
/// <param name="Face">The position of the face in the result, from 0.</param>
/// <param name="Kept">The face as the face service keeps it; empty when it is not stored, or not any more.</param>
/// <param name="KeptAt">The position of the face in what is kept.</param>
/// <param name="Picture">The picture of the face, a JPEG; null when the result has none.</param>
internal sealed record ResultFace(JobView Job, long TaskKey, int Face, ReadOnlyMemory<byte> Kept, int KeptAt, byte[]? Picture)
{
    private const string SourceStart = "result:";

    /// <summary>Where the face comes from, as the gallery keeps it.</summary>
    private string Source => $"{SourceStart}{Keys.TaskId(Job.JobId, Keys.OrdinalOf(TaskKey))}/{Face}";

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
        json.WriteBase64String("kept_faces", Kept.Span);
        json.WriteNumber("index", KeptAt);
        json.WriteString("source", Source);
        if (Picture is not null) json.WriteBase64String("image", Picture);
        json.WriteEndObject();
    }
}
