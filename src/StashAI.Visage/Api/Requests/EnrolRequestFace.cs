namespace StashAI.Visage.Api.Requests;

/// <summary>A face of an earlier answer: its embedding (base64 of 512 little-endian floats) and its picture.</summary>
internal sealed record EnrolRequestFace
{
    public string? Embedding { get; init; }

    public ImageBytes? Image { get; init; }

    public float? Quality { get; init; }
}
