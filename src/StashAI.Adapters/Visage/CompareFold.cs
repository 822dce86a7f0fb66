using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>Summarizes a batch of pairs: how many match, how similar they are, and the positions of the first matches.</summary>
internal sealed class CompareFold : IResultFold
{
    public const int MaxItems = 100;

    public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output) => Write(ComparedPair.Read(output) is { } pair
        ? new CompareAggregate(
            1, pair.IsMatch ? 1 : 0, pair.HasFaces ? 0 : 1, pair.HasFaces ? pair.Similarity : null, pair.HasFaces ? pair.Similarity : null,
            pair.IsMatch ? [ordinal] : [])
        : new CompareAggregate(1, 0, 0, null, null, []));

    public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates)
    {
        var parts = new List<CompareAggregate>(aggregates.Count);
        foreach (var json in aggregates) parts.Add(JsonSerializer.Deserialize(json.Span, CompareJson.Default.CompareAggregate)!);
        return Write(new CompareAggregate(
            parts.Sum(part => part.Pairs),
            parts.Sum(part => part.Matches),
            parts.Sum(part => part.WithoutFace),
            parts.Max(part => part.HighestSimilarity),
            parts.Min(part => part.LowestSimilarity),
            [.. parts.SelectMany(part => part.MatchingItems).Order().Take(MaxItems)]));
    }

    private static byte[] Write(CompareAggregate aggregate) =>
        JsonSerializer.SerializeToUtf8Bytes(aggregate, CompareJson.Default.CompareAggregate);
}
