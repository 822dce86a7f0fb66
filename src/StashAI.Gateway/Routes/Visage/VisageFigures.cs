using System.Text.Json;
using StashAI.Adapters.Visage;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>Figures of a Visage answer: faces, matched people, and the confidence.</summary>
internal readonly record struct VisageFigures(int Faces, int Matches, double? MaxConfidence, double? MinConfidence)
{
    /// <summary>
    /// Reads the faces, or the comparison in <c>data</c>, of a Visage answer; unknown content counts as no face.
    /// </summary>
    public static VisageFigures Read(ReadOnlyMemory<byte> output)
    {
        if (output.IsEmpty) return default;
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) return default;
        if (root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object) return OfComparison(data);
        var (faces, confidences, matches) = (0, new List<double>(), 0);
        foreach (var face in VisageFaces.IsVideo(root) ? VisageFaces.PlacesOf(root).Select(place => place.Element) : OfPhoto(data))
        {
            if (face.ValueKind != JsonValueKind.Object) continue;
            faces++;
            if (!face.TryGetProperty("performers", out var people) || people.ValueKind != JsonValueKind.Array) continue;
            foreach (var person in people.EnumerateArray())
            {
                matches++;
                if (person.ValueKind == JsonValueKind.Object && Number(person, "confidence") is { } confidence) confidences.Add(confidence);
            }
        }

        return new VisageFigures(
            faces, matches, confidences.Count == 0 ? null : confidences.Max(), confidences.Count == 0 ? null : confidences.Min());
    }

    private static JsonElement.ArrayEnumerator OfPhoto(JsonElement data) =>
        data.ValueKind == JsonValueKind.Array && data.GetArrayLength() > 0 && data[0].ValueKind == JsonValueKind.Array
            ? data[0].EnumerateArray()
            : default;

    /// <summary>Reads a comparison, which counts as a match between photos or people.</summary>
    private static VisageFigures OfComparison(JsonElement data)
    {
        var isMatch = data.TryGetProperty("is_match", out var match) && match.ValueKind == JsonValueKind.True;
        var confidence = Number(data, "confidence");
        return new VisageFigures(
            (int)((Number(data, "faces1") ?? 0) + (Number(data, "faces2") ?? 0)), isMatch ? 1 : 0, confidence, confidence);
    }

    /// <summary>Also null for a number such as 1e400, which is infinite and cannot be written.</summary>
    private static double? Number(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
        && double.IsFinite(number)
            ? number
            : null;
}
