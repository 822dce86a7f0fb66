namespace StashAI.Visage.Api.Responses.Service;

/// <summary>What the folder import reads of a problem.</summary>
internal sealed record ProblemDto(string? Detail, Guid? PersonId);
