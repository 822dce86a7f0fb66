namespace StashAI.Visage.Api.Responses.People;

/// <summary>A page of the gallery; ask for the next one with <c>after</c> = <see cref="NextAfter"/> while it is not null.</summary>
internal sealed record PeoplePage(IReadOnlyList<PersonDto> People, int TotalCount, string? NextAfter);
