namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>A person of a video: the best match, in how many frames, and the start of each in seconds.</summary>
internal sealed record AppearanceDto(PerformerDto Performer, int Frames, IReadOnlyList<double> Times);
