namespace StashAI.Visage.Api.Requests;

/// <summary>Two people of the gallery, each by name or id.</summary>
internal sealed record CompareRequest
{
    public string? Person1 { get; init; }

    public string? Person2 { get; init; }

    /// <summary>The greatest distance (1 - cosine) that counts as a match.</summary>
    public double? Tolerance { get; init; }
}
