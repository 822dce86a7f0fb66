using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>
/// Ranks the items that were compared with the target, the most similar first, at most 100. The counts include all items.
/// </summary>
internal sealed class OneToManyFold : IResultFold
{
    public const int MaxRanked = 100;
    public const int MaxWithoutFace = 100;

    public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output)
    {
        if (ComparedPair.Read(output) is not { } pair) return Write(new OneToManyAggregate(1, 0, 0, [], new FieldsWithoutFace(false, [])));
        return Write(new OneToManyAggregate(
            1, pair.IsMatch ? 1 : 0, pair.HasFaces ? 0 : 1,
            pair.HasFaces
                ? [new RankedItem(ordinal, Field(ordinal, pair), pair.Person2, pair.Similarity, pair.Confidence, pair.IsMatch)]
                : [],
            new FieldsWithoutFace(!pair.HasFace1, pair.HasFace2 ? [] : [ordinal])));
    }

    public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates)
    {
        var parts = new List<OneToManyAggregate>(aggregates.Count);
        foreach (var json in aggregates) parts.Add(JsonSerializer.Deserialize(json.Span, CompareJson.Default.OneToManyAggregate)!);
        return Write(new OneToManyAggregate(
            parts.Sum(part => part.Items),
            parts.Sum(part => part.Matches),
            parts.Sum(part => part.WithoutFace),
            [.. parts.SelectMany(part => part.Ranking).OrderByDescending(item => item.Similarity).ThenBy(item => item.Item)
                .Take(MaxRanked)],
            new FieldsWithoutFace(
                parts.Any(part => part.WithoutFaceIn is { Target: true }),
                [.. parts.SelectMany(part => part.WithoutFaceIn?.Items ?? []).Order().Take(MaxWithoutFace)])));
    }

    /// <summary>The item's own field, or the person in it; a photo may stand in the item or be the item.</summary>
    private static string Field(int ordinal, ComparedPair pair) => pair.Person2 is null ? $"items[{ordinal}]" : $"items[{ordinal}].person";

    private static byte[] Write(OneToManyAggregate aggregate) =>
        JsonSerializer.SerializeToUtf8Bytes(aggregate, CompareJson.Default.OneToManyAggregate);
}
