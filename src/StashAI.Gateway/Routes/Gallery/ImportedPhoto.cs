namespace StashAI.Gateway.Routes.Gallery;

/// <summary>What became of one photo of a folder.</summary>
/// <param name="Person">The name of the person's folder.</param>
/// <param name="File">The path of the photo below the folder.</param>
/// <param name="PersonId">The person who has the face; null when the photo was refused.</param>
/// <param name="Refusal">Why the photo was refused; null when its face is in the gallery.</param>
internal sealed record ImportedPhoto(string Person, string File, Guid? PersonId, string? Refusal);
