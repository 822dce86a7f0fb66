namespace StashAI.Visage.Api.Requests;

/// <summary>Which face of a photo is meant: the one at a point of the upright photo, or the n-th of the answer (from 0).</summary>
internal sealed record FaceChoice
{
    public float? X { get; init; }

    public float? Y { get; init; }

    public int? Index { get; init; }
}
