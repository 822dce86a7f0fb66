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
/// <param name="WithoutFaceIn">Which fields of the request have no face; null in a summary that an earlier version wrote.</param>
internal sealed record OneToManyAggregate(
    int Items, int Matches, int WithoutFace, IReadOnlyList<RankedItem> Ranking, FieldsWithoutFace? WithoutFaceIn = null);

/// <summary>The fields of a request, as the client sent them, whose photos have no face.</summary>
/// <param name="Target">True when the target's photo has none, so that no item could be compared.</param>
/// <param name="Items">
/// The positions in `items` of the first photos that have none; <see cref="OneToManyFold"/> limits their number.
/// </param>
internal sealed record FieldsWithoutFace(bool Target, IReadOnlyList<int> Items);

/// <summary>An item and its similarity to the target.</summary>
/// <param name="Item">The item's position in the job.</param>
/// <param name="Field">
/// The field of the request that was compared, such as `items[3].person`; null in a summary that an earlier version wrote.
/// </param>
/// <param name="Person">The person's name; null for a photo.</param>
/// <param name="Similarity">The cosine of the closest faces, at least 0.</param>
/// <param name="Confidence">The confidence in percent.</param>
/// <param name="IsMatch">True when the similarity reaches the job's threshold.</param>
internal sealed record RankedItem(int Item, string? Field, string? Person, double Similarity, double Confidence, bool IsMatch);

/// <summary>The JSON of the summaries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CompareAggregate))]
[JsonSerializable(typeof(OneToManyAggregate))]
internal sealed partial class CompareJson : JsonSerializerContext;
