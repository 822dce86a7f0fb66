using System.Text.Json;
using StashAI.Adapters.Http;

namespace StashAI.Adapters.Visage;

/// <summary>The part of a comparison's result that the summaries use.</summary>
/// <param name="Person1">The first person's name; null for a photo.</param>
/// <param name="Person2">The second person's name; null for a photo.</param>
/// <param name="Similarity">The similarity that the service returned, 0 to 1.</param>
/// <param name="Confidence">The confidence that the service returned, in percent.</param>
/// <param name="IsMatch">True when both sides are the same person.</param>
/// <param name="HasFace1">False when the first side is a photo without a face.</param>
/// <param name="HasFace2">False when the second side is a photo without a face.</param>
internal readonly record struct ComparedPair(
    string? Person1, string? Person2, double Similarity, double Confidence, bool IsMatch, bool HasFace1, bool HasFace2)
{
    private const int MaxText = 100;

    /// <summary>True when there was something to compare.</summary>
    public bool HasFaces => HasFace1 && HasFace2;

    /// <summary>Reads a result; null when it is not a comparison.</summary>
    public static ComparedPair? Read(ReadOnlyMemory<byte> output)
    {
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return new ComparedPair(
            Text(data, "person1"), Text(data, "person2"), Number(data, "similarity") ?? 0, Number(data, "confidence") ?? 0,
            data.TryGetProperty("is_match", out var match) && match.ValueKind == JsonValueKind.True,
            Number(data, "faces1") is not 0, Number(data, "faces2") is not 0);
    }

    private static string? Text(JsonElement data, string name)
    {
        return data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? JsonText.Truncate(value.GetString()!, MaxText)
            : null;
    }

    private static double? Number(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            ? number
            : null;
}
