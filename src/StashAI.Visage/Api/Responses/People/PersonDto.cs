namespace StashAI.Visage.Api.Responses.People;

/// <summary>A person of the gallery; <see cref="Faces"/> is the number of enrolled faces.</summary>
internal sealed record PersonDto
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public string? Country { get; init; }

    public required string Image { get; init; }

    public string? PerformerUrl { get; init; }

    public required int Faces { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The faces that this request added, one for each photo; null for other requests.</summary>
    public IReadOnlyList<EnrolledFaceDto>? Enrolled { get; init; }
}
