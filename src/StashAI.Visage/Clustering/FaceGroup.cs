namespace StashAI.Visage.Clustering;

/// <summary>The faces of one person.</summary>
/// <param name="Faces">The indexes of the faces: first those that show the person best, then the others in order.</param>
/// <param name="Best">How many of them are worth enrolling.</param>
internal readonly record struct FaceGroup(IReadOnlyList<int> Faces, int Best);
