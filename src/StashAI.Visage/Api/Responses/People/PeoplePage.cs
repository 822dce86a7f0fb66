namespace StashAI.Visage.Api.Responses.People;

/// <summary>A page of the gallery. If <see cref="NextAfter"/> is not null, send it as <c>after</c> to get the next page.</summary>
internal sealed record PeoplePage(IReadOnlyList<PersonDto> People, int TotalCount, string? NextAfter);
