namespace StashAI.Visage.Api.Requests;

/// <summary>Two sides to compare. Each is a person of the gallery, by name or id, or a photo.</summary>
internal sealed record CompareRequest
{
    public string? Person1 { get; init; }

    public string? Person2 { get; init; }

    /// <summary>A photo instead of <see cref="Person1"/>.</summary>
    public PhotoInput? Image1 { get; init; }

    /// <summary>A photo instead of <see cref="Person2"/>.</summary>
    public PhotoInput? Image2 { get; init; }

    /// <summary>The face of <see cref="Image1"/> to compare; null for all faces.</summary>
    public FaceChoice? Face1 { get; init; }

    /// <summary>The face of <see cref="Image2"/> to compare; null for all faces.</summary>
    public FaceChoice? Face2 { get; init; }

    /// <summary>The largest distance (1 - cosine) of a match.</summary>
    public double? Tolerance { get; init; }

    /// <summary>The lowest confidence of a match, 0 to 1; an alternative to <see cref="Tolerance"/>.</summary>
    public double? Threshold { get; init; }

    /// <summary>How closely to search photos for faces: fast, auto (default) or fine.</summary>
    public string? Detail { get; init; }
}
