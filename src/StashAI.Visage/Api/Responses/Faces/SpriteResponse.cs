namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>The frames of a sprite sheet with their faces, and the people with the times at which they appear.</summary>
internal sealed record SpriteResponse(IReadOnlyList<FrameDto> Frames, IReadOnlyList<AppearanceDto> People);
