namespace StashAI.Visage.Import;

/// <summary>The result of one photo of a folder import.</summary>
/// <param name="Person">The name of the person's folder.</param>
/// <param name="File">The path of the photo.</param>
/// <param name="Refusal">Why the service refused the photo; null when its face was enrolled.</param>
public sealed record ImportedPhoto(string Person, string File, string? Refusal);
