namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>Two groups, by their index, and in how many photos both appear.</summary>
internal sealed record TogetherDto(int First, int Second, int Photos);
