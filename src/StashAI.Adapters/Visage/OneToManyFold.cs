using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>Ranks the items that were compared with the target, the most similar first, at most 100. The counts include all items.</summary>
internal sealed class OneToManyFold : IResultFold
{
    public const int MaxRanked = 100;

    public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output)
    {
        if (ComparedPair.Read(output) is not { } pair) return Write(new OneToManyAggregate(1, 0, 0, []));
        return Write(new OneToManyAggregate(
            1, pair.IsMatch ? 1 : 0, pair.HasFaces ? 0 : 1,
            pair.HasFaces ? [new RankedItem(ordinal, pair.Person2, pair.Similarity, pair.Confidence, pair.IsMatch)] : []));
    }

    public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates)
    {
        var parts = new List<OneToManyAggregate>(aggregates.Count);
        foreach (var json in aggregates) parts.Add(JsonSerializer.Deserialize(json.Span, CompareJson.Default.OneToManyAggregate)!);
        return Write(new OneToManyAggregate(
            parts.Sum(part => part.Items),
            parts.Sum(part => part.Matches),
            parts.Sum(part => part.WithoutFace),
            [.. parts.SelectMany(part => part.Ranking).OrderByDescending(item => item.Similarity).ThenBy(item => item.Item).Take(MaxRanked)]));
    }

    private static byte[] Write(OneToManyAggregate aggregate) => JsonSerializer.SerializeToUtf8Bytes(aggregate, CompareJson.Default.OneToManyAggregate);
}
