namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>The frames of a sprite sheet with their faces, and who appears when.</summary>
internal sealed record SpriteResponse(IReadOnlyList<FrameDto> Frames, IReadOnlyList<AppearanceDto> People);
