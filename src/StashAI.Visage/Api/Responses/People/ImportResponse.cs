namespace StashAI.Visage.Api.Responses.People;

/// <summary>What an import changed; what was there already is not counted.</summary>
internal sealed record ImportResponse(int PeopleAdded, int FacesAdded);
