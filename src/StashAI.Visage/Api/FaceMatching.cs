using StashAI.Visage.Gallery;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>The rule that says who a face is, for photos and for faces that were stored.</summary>
internal static class FaceMatching
{
    public static IReadOnlyList<IReadOnlyList<PersonMatch>> Match(
        KnownPeople people, IReadOnlyList<float[]> vectors, MatchSettings settings) =>
        // At least two matches are needed to tell whether the first one is ambiguous.
        people.Search(vectors, settings.MinCosine, Math.Max(2, settings.Results));

    public static bool IsAmbiguous(IReadOnlyList<PersonMatch> matches) =>
        matches.Count > 1 && matches[0].Cosine - matches[1].Cosine < MatchConfidence.Margin;
}
