using System.Text.Json.Serialization;

namespace StashAI.Adapters.Visage;

/// <summary>What a batch of pairs amounts to.</summary>
/// <param name="Pairs">Pairs that were compared.</param>
/// <param name="Matches">Those that show one person.</param>
/// <param name="WithoutFace">Those with a photo that has no face.</param>
/// <param name="HighestSimilarity">Of those with faces; null for none.</param>
/// <param name="LowestSimilarity">Of those with faces; null for none.</param>
/// <param name="MatchingItems">The places in the job of the first matches.</param>
internal sealed record CompareAggregate(
    int Pairs, int Matches, int WithoutFace, double? HighestSimilarity, double? LowestSimilarity, IReadOnlyList<int> MatchingItems);

/// <summary>What a comparison of one with many amounts to.</summary>
/// <param name="Items">Items that were compared with the target.</param>
/// <param name="Matches">Those that show the same person.</param>
/// <param name="WithoutFace">Those where one photo has no face.</param>
/// <param name="Ranking">The most alike first; see <see cref="OneToManyFold"/> for the bound.</param>
internal sealed record OneToManyAggregate(int Items, int Matches, int WithoutFace, IReadOnlyList<RankedItem> Ranking);

/// <summary>An item by how much it is like the target.</summary>
/// <param name="Item">Its place in the job.</param>
/// <param name="Person">Its name; null for a photo.</param>
/// <param name="Similarity">The cosine of the closest faces, not below 0.</param>
/// <param name="Confidence">In percent.</param>
/// <param name="IsMatch">True from the job's threshold on.</param>
internal sealed record RankedItem(int Item, string? Person, double Similarity, double Confidence, bool IsMatch);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CompareAggregate))]
[JsonSerializable(typeof(OneToManyAggregate))]
internal sealed partial class CompareJson : JsonSerializerContext;
