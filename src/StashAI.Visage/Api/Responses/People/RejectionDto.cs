namespace StashAI.Visage.Api.Responses.People;

/// <summary>A face that is not of a person, as somebody said, and where it comes from.</summary>
internal sealed record RejectionDto(Guid Id, string Source, DateTimeOffset CreatedAt);
