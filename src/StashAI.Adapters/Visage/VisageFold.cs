using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>
/// Summarizes a batch of photos: how many have faces, and who is in them, by the best match of each face. It lists at most 200 people,
/// those with the most faces, and for each the first 10 photos; the counts include all photos. If there are more than 200 people, the list
/// is approximate.
/// </summary>
internal sealed class VisageFold : IResultFold
{
    public const int MaxPeople = 200;
    public const int MaxItems = 10;

    public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output)
    {
        using var document = JsonDocument.Parse(output);
        var faces = VisageFaces.Of(document.RootElement).ToList();
        var people = faces.OfType<VisageFace>()
            .Select(face => new VisagePerson(face.PersonId, face.PersonName, 1, 1, face.Confidence, [ordinal]));
        return Write(new VisageAggregate(1, faces.Count > 0 ? 1 : 0, faces.Count, Join(people, isOnePhoto: true), 0));
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

    private static byte[] Write(VisageAggregate aggregate) =>
        JsonSerializer.SerializeToUtf8Bytes(aggregate, VisageJson.Default.VisageAggregate);
}
