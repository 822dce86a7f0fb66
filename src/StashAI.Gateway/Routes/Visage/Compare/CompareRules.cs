using System.Text.Json;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Gateway.Routes.Visage.Compare;

/// <summary>Each side of a comparison is a photo or a person; only a photo may have a chosen face.</summary>
internal static class CompareRules
{
    public static IEnumerable<FieldError> Pair(JsonElement item, IReadOnlyCollection<string> files, string path) =>
        [.. Side(item, files, path, "image1", "person1", "face1"), .. Side(item, files, path, "image2", "person2", "face2")];

    public static IEnumerable<FieldError> One(JsonElement item, IReadOnlyCollection<string> files, string path) =>
        Side(item, files, path, "image", "person", "face");

    private static IEnumerable<FieldError> Side(
        JsonElement item, IReadOnlyCollection<string> files, string path, string image, string person, string face)
    {
        var hasImage = files.Contains(image) || Has(item, image);
        var hasPerson = Has(item, person);
        if (hasImage && hasPerson)
        {
            yield return new FieldError($"{path}.{image}", $"and {person} are both there: send one of them.");
        }
        else if (!hasImage && !hasPerson)
        {
            yield return new FieldError(
                $"{path}.{image}", $"is missing: send a photo in {image}, or the name of somebody in the gallery in {person}.");
        }
        else if (!hasImage && Has(item, face))
        {
            yield return new FieldError($"{path}.{face}", $"chooses a face of {image}, and there is none.");
        }
        else if (Has(item, face) && !IsChoice(item.GetProperty(face)))
        {
            yield return new FieldError($"{path}.{face}", "must have x and y, or an index alone.");
        }
    }

    private static bool IsChoice(JsonElement face) => Has(face, "x") == Has(face, "y") && !(Has(face, "x") && Has(face, "index"));

    private static bool Has(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
}
