namespace StashAI.Visage.Api.Responses.People;

/// <summary>The person who had faces, and the one who has them now.</summary>
internal sealed record SplitResponse(PersonDto From, PersonDto Into);
