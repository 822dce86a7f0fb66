namespace StashAI.Visage.Detection;

/// <summary>Non-maximum suppression: keeps one box for each face, the one with the highest score.</summary>
internal static class OverlapFilter
{
    private const float MaxUnionOverlap = 0.4f;
    private const float MaxContainment = 0.75f;

    public static List<FaceBox> Apply(List<FaceBox> boxes)
    {
        boxes.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        var kept = new List<FaceBox>();
        foreach (var box in boxes)
        {
            if (!kept.Exists(other => AreSameFace(box, other)))
                kept.Add(box);
        }

        return kept;
    }

    private static bool AreSameFace(in FaceBox a, in FaceBox b)
    {
        var shared = a.IntersectionWith(b);
        return shared > MaxUnionOverlap * (a.Area + b.Area - shared) || shared > MaxContainment * MathF.Min(a.Area, b.Area);
    }
}
