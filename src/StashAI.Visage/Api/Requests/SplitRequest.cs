namespace StashAI.Visage.Api.Requests;

/// <summary>The faces that a person does not keep, and whose they are: a person of the gallery, or a new one.</summary>
internal sealed record SplitRequest
{
    public IReadOnlyList<Guid>? Faces { get; init; }

    public Guid? Into { get; init; }

    public string? Name { get; init; }
}
