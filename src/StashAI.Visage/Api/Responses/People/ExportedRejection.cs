namespace StashAI.Visage.Api.Responses.People;

/// <summary>A face of an export that is not of the person: embedding (base64 of 512 floats), and where it comes from.</summary>
internal sealed record ExportedRejection(string? Embedding, string? Source);
