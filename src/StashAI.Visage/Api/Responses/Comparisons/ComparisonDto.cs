using System.Text.Json.Serialization;

namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>
/// How similar two sides are: similarity is the cosine of their closest faces, not below 0; distance is 1 - cosine. The service has only
/// one model, so <see cref="FacenetSimilarity"/> is always null. A side that is a photo has no name; instead it has the number of its faces
/// and the face that was compared.
/// </summary>
internal sealed record ComparisonDto(
    string? Person1, string? Person2, double Similarity, double Distance, double ArcSimilarity, int Confidence, bool IsMatch)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? FacenetSimilarity { get; init; }

    public int? Faces1 { get; init; }

    public int? Faces2 { get; init; }

    public ComparedFaceDto? Face1 { get; init; }

    public ComparedFaceDto? Face2 { get; init; }
}
