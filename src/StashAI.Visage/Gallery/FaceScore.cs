namespace StashAI.Visage.Gallery;

/// <summary>The best cosine of a person's faces, and how many of them reach the lowest accepted cosine.</summary>
internal readonly record struct FaceScore(float Best, int Hits);
