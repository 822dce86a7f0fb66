using System.Text.Json.Serialization;
using StashAI.Visage.Api.Responses.Comparisons;

namespace StashAI.Visage.Api.Responses.People;

/// <summary>A person who looks like the requested one; the values mean the same as in <see cref="ComparisonDto"/>.</summary>
internal sealed record LookAlikeDto(
    string Id, string Name, string Image, double Similarity, double Distance, double ArcSimilarity, int Confidence, bool IsMatch)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? FacenetSimilarity { get; init; }
}
