using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api.Responses.Service;

/// <summary>The problem document of a refused request (RFC 9457). <see cref="Faces"/> lists the faces to choose from when the request chose none.</summary>
internal sealed record ProblemDto(string Type, string Title, int Status, string Detail)
{
    public string? Field { get; init; }

    public Guid? PersonId { get; init; }

    public IReadOnlyList<FaceOptionDto>? Faces { get; init; }
}
