namespace StashAI.Visage.Api.Responses.People;

/// <summary>An enrolled face of a person.</summary>
internal sealed record StoredFaceDto(Guid Id, double Quality, DateTimeOffset CreatedAt);
