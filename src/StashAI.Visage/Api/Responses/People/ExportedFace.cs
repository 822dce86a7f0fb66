namespace StashAI.Visage.Api.Responses.People;

/// <summary>A face of an export: embedding (base64 of 512 floats), quality, picture (JPEG), and the photo that it comes from.</summary>
internal sealed record ExportedFace(string? Embedding, float Quality, byte[]? Image, string? Source);
