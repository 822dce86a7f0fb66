namespace StashAI.Visage.Api.Requests;

/// <summary>A person to add to the gallery, or, without a name, more photos of a known person.</summary>
internal sealed record EnrolRequest
{
    public string? Name { get; init; }

    public IReadOnlyList<PhotoInput?>? Photos { get; init; }

    /// <summary>Faces of earlier answers (return_embeddings), instead of photos or in addition to them.</summary>
    public IReadOnlyList<EnrolRequestFace?>? Faces { get; init; }

    /// <summary>The face of the photo to enrol; only valid with a single photo.</summary>
    public FaceChoice? Face { get; init; }

    public string? Country { get; init; }

    public string? Image { get; init; }

    public string? PerformerUrl { get; init; }
}
