namespace StashAI.Visage.Recognition;

/// <summary>
/// Converts the cosine of two faces to a confidence from 0 to 1 and back: 1 / (1 + e^(-20 (cosine - 0.42))). A confidence of 0.5 is a
/// cosine of 0.42, 0.65 is 0.45, 0.99 is 0.65.
/// </summary>
internal static class MatchConfidence
{
    /// <summary>The lowest cosine of two faces of the same person, when the client sends no threshold.</summary>
    public const float DefaultCosine = 0.45f;

    /// <summary>The same for a gallery of more than <see cref="LargeGallery"/> people, in which chance matches are more likely.</summary>
    public const float LargeGalleryCosine = 0.50f;

    public const int LargeGallery = 10_000;

    /// <summary>A match is ambiguous if the cosine of the second person is less than this below that of the first.</summary>
    public const float Margin = 0.05f;

    private const double Steepness = 20;
    private const double Middle = 0.42;

    /// <summary>The default for comparing with so many people, or faces of unknown people.</summary>
    public static float DefaultFor(int count) => count > LargeGallery ? LargeGalleryCosine : DefaultCosine;

    public static double FromCosine(float cosine) => 1 / (1 + Math.Exp(-Steepness * (cosine - Middle)));

    /// <summary>The lowest cosine whose confidence reaches a threshold: minus infinity for 0, plus infinity for 1.</summary>
    public static float ToCosine(double threshold) => (float)(Middle + (Math.Log(threshold / (1 - threshold)) / Steepness));
}
