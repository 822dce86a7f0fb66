using StashAI.Visage.Api.Responses.Faces;

namespace StashAI.Visage.Api;

/// <summary>Leaves out the pictures of faces once those before them have so many bytes.</summary>
internal sealed class PictureBudget(int maxBytes)
{
    private long used;

    /// <summary>How many faces came without their picture.</summary>
    public int LeftOut { get; private set; }

    public IReadOnlyList<FaceDto> Limit(List<FaceDto> faces) => [.. faces.Select(Limit)];

    private FaceDto Limit(FaceDto face)
    {
        used += face.Image?.Length ?? 0;
        if (used <= maxBytes) return face;
        LeftOut++;
        return face with { Image = null };
    }
}
