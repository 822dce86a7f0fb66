namespace StashAI.Visage.Api.Requests;

/// <summary>The sprite sheet of a video, and the WebVTT file that maps times to its parts.</summary>
internal sealed record SpriteRequest
{
    public ImageBytes? Sprite { get; init; }

    public ImageBytes? ImageData { get; init; }

    public string? Vtt { get; init; }

    public double? Threshold { get; init; }

    public int? Results { get; init; }
}
