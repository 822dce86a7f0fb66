using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api.Responses.Comparisons;

/// <summary>A face of a cluster. Picture, box and quality are present only if the face was found in a photo of the request.</summary>
internal sealed record ClusteredFaceDto(string Photo, string Embedding)
{
    public byte[]? Image { get; init; }

    public BoxDto? Box { get; init; }

    public double? Quality { get; init; }
}
