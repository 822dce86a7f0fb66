using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>
/// Summarizes a batch of photos: how many have faces, and who is in them, by the best match of each face. It lists at most 200 people, those with the most
/// faces, and for each the first 10 photos; the counts include all photos. If there are more than 200 people, the list is approximate.
/// </summary>
internal sealed class VisageFold : IResultFold
{
    public const int MaxPeople = 200;
    public const int MaxItems = 10;
    private const int MaxText = 100;

    public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output)
    {
        using var document = JsonDocument.Parse(output);
        var (faces, people) = (0, new List<VisagePerson>());
        foreach (var face in Faces(document.RootElement))
        {
            faces++;
            if (BestMatch(face) is { } person && Text(person, "id") is { } id)
                people.Add(new VisagePerson(id, Text(person, "name") ?? "", 1, 1, Confidence(person), [ordinal]));
        }

        return Write(new VisageAggregate(1, faces > 0 ? 1 : 0, faces, Join(people, isOnePhoto: true), 0));
    }

    public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates)
    {
        var parts = new List<VisageAggregate>(aggregates.Count);
        foreach (var json in aggregates) parts.Add(JsonSerializer.Deserialize(json.Span, VisageJson.Default.VisageAggregate)!);
        var people = Join(parts.SelectMany(part => part.People), isOnePhoto: false);
        return Write(new VisageAggregate(
            parts.Sum(part => part.Images),
            parts.Sum(part => part.ImagesWithFaces),
            parts.Sum(part => part.Faces),
            [.. people.Take(MaxPeople)],
            parts.Sum(part => part.FacesOfOthers) + people.Skip(MaxPeople).Sum(person => person.Faces)));
    }

    private static List<VisagePerson> Join(IEnumerable<VisagePerson> people, bool isOnePhoto)
    {
        var joined = new Dictionary<string, VisagePerson>(StringComparer.Ordinal);
        foreach (var person in people)
            joined[person.Id] = joined.TryGetValue(person.Id, out var other) ? Join(other, person, isOnePhoto) : person;
        return [.. joined.Values.OrderByDescending(person => person.Faces).ThenBy(person => person.Id, StringComparer.Ordinal)];
    }

    private static VisagePerson Join(VisagePerson first, VisagePerson second, bool isOnePhoto) => first with
    {
        Faces = first.Faces + second.Faces,
        Images = isOnePhoto ? 1 : first.Images + second.Images,
        BestConfidence = Math.Max(first.BestConfidence, second.BestConfidence),
        Items = [.. first.Items.Union(second.Items).Order().Take(MaxItems)],
    };

    /// <summary>The elements of <c>data[0]</c>: faces, or the matches of a single face for services that return only one.</summary>
    private static IEnumerable<JsonElement> Faces(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("data", out var data)) return [];
        if (data.ValueKind != JsonValueKind.Array || data.GetArrayLength() == 0 || data[0].ValueKind != JsonValueKind.Array) return [];
        var elements = data[0].EnumerateArray().Where(element => element.ValueKind == JsonValueKind.Object).ToList();
        return elements.Exists(element => element.TryGetProperty("performers", out _)) ? elements : elements.Take(1);
    }

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

    private static byte[] Write(VisageAggregate aggregate) => JsonSerializer.SerializeToUtf8Bytes(aggregate, VisageJson.Default.VisageAggregate);
}
