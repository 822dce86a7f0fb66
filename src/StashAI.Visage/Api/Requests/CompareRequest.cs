namespace StashAI.Visage.Api.Requests;

/// <summary>Two sides to compare; each is a person of the gallery, by name or id, or a photo.</summary>
internal sealed record CompareRequest
{
    public string? Person1 { get; init; }

    public string? Person2 { get; init; }

    /// <summary>A photo in place of <see cref="Person1"/>.</summary>
    public PhotoInput? Image1 { get; init; }

    /// <summary>A photo in place of <see cref="Person2"/>.</summary>
    public PhotoInput? Image2 { get; init; }

    /// <summary>Which face of <see cref="Image1"/> is meant; none = all of them.</summary>
    public FaceChoice? Face1 { get; init; }

    /// <summary>Which face of <see cref="Image2"/> is meant; none = all of them.</summary>
    public FaceChoice? Face2 { get; init; }

    /// <summary>The greatest distance (1 - cosine) that counts as a match.</summary>
    public double? Tolerance { get; init; }

    /// <summary>The least confidence of a match, 0 to 1; says in other words what <see cref="Tolerance"/> says.</summary>
    public double? Threshold { get; init; }

    /// <summary>How closely to look at photos: fast, auto (default) or fine.</summary>
    public string? Detail { get; init; }
}
