using System.Text.Json.Serialization;

namespace StashAI.Adapters.Visage;

/// <summary>The summary of a batch of compared pairs.</summary>
/// <param name="Pairs">The number of pairs that were compared.</param>
/// <param name="Matches">The number of pairs that show the same person.</param>
/// <param name="WithoutFace">The number of pairs with a photo without a face.</param>
/// <param name="HighestSimilarity">Among the pairs with faces; null when there are none.</param>
/// <param name="LowestSimilarity">Among the pairs with faces; null when there are none.</param>
/// <param name="MatchingItems">The positions in the job of the first matches.</param>
internal sealed record CompareAggregate(
    int Pairs, int Matches, int WithoutFace, double? HighestSimilarity, double? LowestSimilarity, IReadOnlyList<int> MatchingItems);

/// <summary>The summary of a comparison of one with many.</summary>
/// <param name="Items">The number of items that were compared with the target.</param>
/// <param name="Matches">The number of items that show the same person.</param>
/// <param name="WithoutFace">The number of items for which a photo has no face.</param>
/// <param name="Ranking">The items, the most similar first; <see cref="OneToManyFold"/> limits their number.</param>
internal sealed record OneToManyAggregate(int Items, int Matches, int WithoutFace, IReadOnlyList<RankedItem> Ranking);

/// <summary>An item and its similarity to the target.</summary>
/// <param name="Item">The item's position in the job.</param>
/// <param name="Person">The person's name; null for a photo.</param>
/// <param name="Similarity">The cosine of the closest faces, at least 0.</param>
/// <param name="Confidence">The confidence in percent.</param>
/// <param name="IsMatch">True when the similarity reaches the job's threshold.</param>
internal sealed record RankedItem(int Item, string? Person, double Similarity, double Confidence, bool IsMatch);

/// <summary>The JSON of the summaries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CompareAggregate))]
[JsonSerializable(typeof(OneToManyAggregate))]
internal sealed partial class CompareJson : JsonSerializerContext;
