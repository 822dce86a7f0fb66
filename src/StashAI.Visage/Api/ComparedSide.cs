using System.Numerics.Tensors;
using StashAI.Visage.Api.Responses.Comparisons;
using StashAI.Visage.Gallery;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>One side of a comparison: a person of the gallery, or the faces of a photo.</summary>
internal sealed record ComparedSide
{
    private ComparedSide(Person? person, IReadOnlyList<float[]> vectors) => (Person, Vectors) = (person, vectors);

    public Person? Person { get; }

    public IReadOnlyList<float[]> Vectors { get; }

    /// <summary>The faces of the photo behind the vectors, with their places among all of it; empty for a person.</summary>
    public IReadOnlyList<(int Index, DetectedFace Face)> Faces { get; private init; } = [];

    /// <summary>How many faces the photo has; null for a person.</summary>
    public int? FaceCount { get; private init; }

    public static ComparedSide Of(Person person, IReadOnlyList<float[]> vectors) => new(person, vectors);

    /// <param name="photo">The photo.</param>
    /// <param name="only">The face that is meant; null for all.</param>
    public static ComparedSide Of(AnalysedPhoto photo, DetectedFace? only)
    {
        var faces = photo.Faces.Select((face, index) => (Index: index, Face: face)).Where(one => only is null || one.Face == only).ToList();
        return new(null, [.. faces.Select(one => one.Face.Embedding.Vector)]) { Faces = faces, FaceCount = photo.Faces.Count };
    }

    /// <summary>The closest faces of two sides count; a side without a face is like nobody, whatever the threshold.</summary>
    public static ComparisonDto Compare(ComparedSide first, ComparedSide second, double minCosine)
    {
        var (cosine, at, to) = (-1f, -1, -1);
        for (var i = 0; i < first.Vectors.Count; i++)
        {
            for (var j = 0; j < second.Vectors.Count; j++)
            {
                var one = TensorPrimitives.Dot<float>(first.Vectors[i], second.Vectors[j]);
                if (at < 0 || one > cosine)
                    (cosine, at, to) = (one, i, j);
            }
        }

        return new(
            first.Person?.Name, second.Person?.Name, Similarity(cosine), Math.Round(1 - cosine, 4), Similarity(cosine),
            (int)Math.Round(100 * MatchConfidence.FromCosine(cosine)), at >= 0 && cosine >= minCosine)
        {
            Faces1 = first.FaceCount,
            Faces2 = second.FaceCount,
            Face1 = first.Shown(at),
            Face2 = second.Shown(to),
        };
    }

    public static double Similarity(float cosine) => Math.Round(Math.Max(0, cosine), 4);

    private ComparedFaceDto? Shown(int at) => at >= 0 && at < Faces.Count
        ? new(Faces[at].Index, FaceShapes.Box(Faces[at].Face), Math.Round(Faces[at].Face.Embedding.Quality, 3))
        : null;
}
