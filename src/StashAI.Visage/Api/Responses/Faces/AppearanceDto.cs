namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>A person who appears in a video: the best match, the number of frames, and the start time of each frame in seconds.</summary>
internal sealed record AppearanceDto(PerformerDto Performer, int Frames, IReadOnlyList<double> Times)
{
    /// <summary>True when the video's cover shows the person too; null for a sprite sheet, which has no cover.</summary>
    public bool? OnCover { get; init; }
}
