namespace StashAI.Visage.Api.Requests;

/// <summary>The faces of photos that are matched again.</summary>
internal sealed record RematchRequest
{
    public IReadOnlyList<RematchRequestPhoto?>? Photos { get; init; }
}

/// <summary>The faces of one photo, and how to match them.</summary>
internal sealed record RematchRequestPhoto
{
    /// <summary>The lowest confidence of a match, 0 to 1; null for the service's default.</summary>
    public double? Threshold { get; init; }

    /// <summary>The most people to return per face.</summary>
    public int? Results { get; init; }

    /// <summary>The faces as an earlier answer had them, in base64.</summary>
    public byte[]? KeptFaces { get; init; }
}
