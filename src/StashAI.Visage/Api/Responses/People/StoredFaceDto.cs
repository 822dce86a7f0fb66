namespace StashAI.Visage.Api.Responses.People;

/// <summary>A face that is enrolled for a person.</summary>
internal sealed record StoredFaceDto(Guid Id, double Quality, DateTimeOffset CreatedAt);
