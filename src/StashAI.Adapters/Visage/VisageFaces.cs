using System.Text.Json;
using StashAI.Adapters.Http;

namespace StashAI.Adapters.Visage;

/// <summary>A face of a photo, and the person whom it matches best.</summary>
/// <param name="PersonId">The person's id in the service, at most 100 characters of it.</param>
/// <param name="PersonName">The person's name in the service, at most 100 characters of it.</param>
/// <param name="Confidence">The confidence of the match, as the service returned it; 0 without one.</param>
public sealed record VisageFace(string PersonId, string PersonName, double Confidence);

/// <summary>A face in an answer.</summary>
/// <param name="Index">Its position: in <c>data[0]</c> of a photo, or among the faces of all frames of a video.</param>
/// <param name="Person">The person whom it matches best; null for nobody.</param>
/// <param name="Element">The face as the answer has it.</param>
/// <param name="Time">The time of its frame in seconds; null for a photo, and for a cover that is none of the frames.</param>
public readonly record struct VisagePlace(int Index, VisageFace? Person, JsonElement Element, double? Time);

/// <summary>Reads whose faces an answer of the service has. The summary of a job and the lists of its items read the same.</summary>
public static class VisageFaces
{
    private const int MaxText = 100;

    /// <summary>The faces of an answer, in its order; null for a face that matches nobody.</summary>
    public static IEnumerable<VisageFace?> Of(JsonElement answer) => PlacesOf(answer).Select(place => place.Person);

    /// <summary>
    /// The faces of an answer with their positions, which are those of the kept faces: of a video the faces of all frames, and then those
    /// of its cover, if it is none of the frames.
    /// </summary>
    public static IEnumerable<VisagePlace> PlacesOf(JsonElement answer)
    {
        var faces = VideoFaces.Of(answer) ?? OfPhoto(answer).Select(face => (Face: face, Time: (double?)null));
        return faces.Select((face, index) => new VisagePlace(index, Read(face.Face), face.Face, face.Time));
    }

    /// <summary>Where a person is in an answer: the faces whose best match the person is.</summary>
    public static IEnumerable<VisagePlace> PlacesOf(JsonElement answer, string personId) =>
        PlacesOf(answer).Where(place => place.Person?.PersonId == personId);

    /// <summary>Whether an answer is about a video.</summary>
    public static bool IsVideo(JsonElement answer) => VideoFaces.FramesOf(answer) is not null;

    /// <summary>Whether nothing of a face is left, because its person was deleted.</summary>
    public static bool IsErased(JsonElement face) =>
        face.ValueKind == JsonValueKind.Object && face.TryGetProperty(PersonEraser.Mark, out var mark)
        && mark.ValueKind == JsonValueKind.True;

    /// <summary>
    /// One of the faces that are kept with a result, as the service reads it: without the others, of which a video has thousands.
    /// </summary>
    /// <param name="kept">The faces that are kept with the result.</param>
    /// <param name="position">The position of the face in the answer.</param>
    /// <returns>The face, and its position in these bytes.</returns>
    public static (ReadOnlyMemory<byte> Faces, int Position) Kept(ReadOnlyMemory<byte> kept, int position) =>
        KeptFaces.Take(kept, position);

    /// <summary>The elements of <c>data[0]</c>: faces, or the matches of a single face for services that return only one.</summary>
    private static IEnumerable<JsonElement> OfPhoto(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("data", out var data)) return [];
        if (data.ValueKind != JsonValueKind.Array || data.GetArrayLength() == 0 || data[0].ValueKind != JsonValueKind.Array) return [];
        var elements = data[0].EnumerateArray().Where(element => element.ValueKind == JsonValueKind.Object).ToList();
        return elements.Exists(element => element.TryGetProperty("performers", out _)) ? elements : elements.Take(1);
    }

    private static VisageFace? Read(JsonElement face) => BestMatch(face) is { } person && Text(person, "id") is { } id
        ? new VisageFace(id, Text(person, "name") ?? "", Confidence(person))
        : null;

    /// <summary>The first match of a face, which is the best one.</summary>
    private static JsonElement? BestMatch(JsonElement face)
    {
        if (!face.TryGetProperty("performers", out var matches)) return face;
        if (matches.ValueKind != JsonValueKind.Array || matches.GetArrayLength() == 0) return null;
        return matches[0].ValueKind == JsonValueKind.Object ? matches[0] : null;
    }

    private static string? Text(JsonElement person, string name)
    {
        return person.TryGetProperty(name, out var value) ? JsonText.Truncate(value.ToString(), MaxText) : null;
    }

    private static double Confidence(JsonElement person) =>
        person.TryGetProperty("confidence", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
}
