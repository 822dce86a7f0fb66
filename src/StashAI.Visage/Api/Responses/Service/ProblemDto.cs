using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api.Responses.Service;

/// <summary>A refused request, after RFC 9457. <see cref="Faces"/> lists what can be chosen from, where a choice is missing.</summary>
internal sealed record ProblemDto(string Type, string Title, int Status, string Detail)
{
    public string? Field { get; init; }

    public Guid? PersonId { get; init; }

    public IReadOnlyList<FaceOptionDto>? Faces { get; init; }
}
