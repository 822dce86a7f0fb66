namespace StashAI.Visage.Api.Requests;

/// <summary>A person to add to the gallery, or (without a name) more photos of one.</summary>
internal sealed record EnrolRequest
{
    public string? Name { get; init; }

    public IReadOnlyList<PhotoInput?>? Photos { get; init; }

    /// <summary>Faces of earlier answers (return_embeddings), instead of or beside photos.</summary>
    public IReadOnlyList<FoundFace?>? Faces { get; init; }

    /// <summary>The face that is meant, when there is one photo.</summary>
    public FaceChoice? Face { get; init; }

    public string? Country { get; init; }

    public string? Image { get; init; }

    public string? PerformerUrl { get; init; }
}
