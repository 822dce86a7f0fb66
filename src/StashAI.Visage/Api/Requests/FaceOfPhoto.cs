namespace StashAI.Visage.Api.Requests;

/// <summary>A face of an earlier answer, and the caller's own word for the photo it is from.</summary>
internal sealed record FaceOfPhoto
{
    public string? Embedding { get; init; }

    public string? Photo { get; init; }
}
