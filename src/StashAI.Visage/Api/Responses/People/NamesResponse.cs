namespace StashAI.Visage.Api.Responses.People;

/// <summary>The names of all people of the gallery, sorted.</summary>
internal sealed record NamesResponse(IReadOnlyList<string> Data);
