namespace StashAI.Visage.Api.Responses.People;

/// <summary>What an import added; people and faces that already existed are not counted.</summary>
internal sealed record ImportResponse(int PeopleAdded, int FacesAdded);
