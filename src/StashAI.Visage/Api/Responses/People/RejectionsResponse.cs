namespace StashAI.Visage.Api.Responses.People;

/// <summary>Rejections of a person, in order.</summary>
internal sealed record RejectionsResponse(IReadOnlyList<RejectionDto> Rejections);
