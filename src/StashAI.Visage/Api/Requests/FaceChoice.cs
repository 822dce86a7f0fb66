namespace StashAI.Visage.Api.Requests;

/// <summary>Chooses a face of a photo: by a point in the upright photo, or by its index in the answer (from 0).</summary>
internal sealed record FaceChoice
{
    public float? X { get; init; }

    public float? Y { get; init; }

    public int? Index { get; init; }
}
