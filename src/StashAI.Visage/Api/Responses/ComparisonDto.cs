using System.Text.Json.Serialization;

namespace StashAI.Visage.Api.Responses;

/// <summary>
/// How alike two people are: similarity is the cosine of their closest faces, not below 0; distance is 1 - cosine. There is
/// one model; the second one's similarity is null, never an invented number.
/// </summary>
internal sealed record ComparisonDto(
    string Person1, string Person2, double Similarity, double Distance, double ArcSimilarity, int Confidence, bool IsMatch)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? FacenetSimilarity { get; init; }
}
