namespace StashAI.Visage.Import;

/// <summary>What became of one photo of a folder import: null as <see cref="Refusal"/> means that its face was enrolled.</summary>
/// <param name="Person">The name of the person's folder.</param>
/// <param name="File">The path of the photo.</param>
/// <param name="Refusal">Why the photo was not taken, in the service's words.</param>
public sealed record ImportedPhoto(string Person, string File, string? Refusal);
