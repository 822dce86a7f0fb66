namespace StashAI.Visage.Gallery;

/// <summary>A person found for a face: the best cosine over the person's faces, and the number of faces that reach the threshold.</summary>
internal sealed record PersonMatch(Person Person, float Cosine, int Hits);
