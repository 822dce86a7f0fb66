using System.Text.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;

namespace StashAI.Gateway.Submit.Results;

/// <summary>A face of a stored result of the face service.</summary>
/// <param name="Job">The job of the result.</param>
/// <param name="Result">The result, and the faces of its photo as the face service keeps them.</param>
/// <param name="Face">The position of the face in the result, from 0.</param>
/// <param name="Picture">The picture of the face, a JPEG; null when the result has none.</param>
internal sealed record ResultFace(JobView Job, StoredResult Result, int Face, byte[]? Picture)
{
    /// <summary>Writes the face as the gallery of the face service reads it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBase64String("kept_faces", Result.Derived.Span);
        json.WriteNumber("index", Face);
        if (Picture is not null) json.WriteBase64String("image", Picture);
        json.WriteEndObject();
    }
}
