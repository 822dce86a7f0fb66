namespace StashAI.Visage.Api.Responses.People;

/// <summary>The people who look most like a person, the closest first.</summary>
internal sealed record LookAlikesResponse(IReadOnlyList<IReadOnlyList<LookAlikeDto>> Data);
