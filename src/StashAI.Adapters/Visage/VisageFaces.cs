using System.Text.Json;
using StashAI.Adapters.Http;

namespace StashAI.Adapters.Visage;

/// <summary>A face of a photo, and the person whom it matches best.</summary>
/// <param name="PersonId">The person's id in the service, at most 100 characters of it.</param>
/// <param name="PersonName">The person's name in the service, at most 100 characters of it.</param>
/// <param name="Confidence">The confidence of the match, as the service returned it; 0 without one.</param>
public sealed record VisageFace(string PersonId, string PersonName, double Confidence);

/// <summary>A face of a person in an answer.</summary>
/// <param name="Index">The position of the face in <c>data[0]</c>.</param>
/// <param name="Face">The person.</param>
/// <param name="Element">The face as the answer has it.</param>
public readonly record struct VisagePlace(int Index, VisageFace Face, JsonElement Element);

/// <summary>Reads whose faces an answer of the service has. The summary of a job and the lists of its items read the same.</summary>
public static class VisageFaces
{
    private const int MaxText = 100;

    /// <summary>The faces of an answer, in its order; null for a face that matches nobody.</summary>
    public static IEnumerable<VisageFace?> Of(JsonElement answer) => (OfVideo(answer) ?? OfPhoto(answer)).Select(Read);

    /// <summary>Where a person is in the answer for a photo: the faces whose best match the person is.</summary>
    public static IEnumerable<VisagePlace> PlacesOf(JsonElement answer, string personId)
    {
        var index = 0;
        foreach (var element in OfPhoto(answer))
        {
            if (Read(element) is { } face && face.PersonId == personId) yield return new VisagePlace(index, face, element);
            index++;
        }
    }

    /// <summary>The faces of all frames of a video, or else those of its cover; null for an answer that is not about a video.</summary>
    public static IEnumerable<JsonElement>? OfVideo(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("frames", out var frames)
            || frames.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var faces = frames.EnumerateArray().SelectMany(FacesOf).ToList();
        return faces.Count > 0 || !answer.TryGetProperty("cover", out var cover) ? faces : FacesOf(cover);
    }

    private static IEnumerable<JsonElement> FacesOf(JsonElement frame) =>
        frame.ValueKind == JsonValueKind.Object && frame.TryGetProperty("faces", out var faces) && faces.ValueKind == JsonValueKind.Array
            ? faces.EnumerateArray().Where(face => face.ValueKind == JsonValueKind.Object)
            : [];

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
