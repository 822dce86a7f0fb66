using System.Numerics.Tensors;
using StashAI.Visage.Api.Responses.Comparisons;
using StashAI.Visage.Gallery;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>One side of a comparison: a person of the gallery or the faces of a photo.</summary>
internal sealed record ComparedSide
{
    private ComparedSide(Person? person, IReadOnlyList<float[]> vectors) => (Person, Vectors) = (person, vectors);

    public Person? Person { get; }

    public IReadOnlyList<float[]> Vectors { get; }

    /// <summary>
    /// The photo's faces that the vectors come from, with their indexes among all faces of the photo; empty for a person.
    /// </summary>
    public IReadOnlyList<(int Index, DetectedFace Face)> Faces { get; private init; } = [];

    /// <summary>How many faces the photo has; null for a person.</summary>
    public int? FaceCount { get; private init; }

    public static ComparedSide Of(Person person, IReadOnlyList<float[]> vectors) => new(person, vectors);

    /// <param name="photo">The photo.</param>
    /// <param name="chosen">The chosen face; null for all faces.</param>
    public static ComparedSide Of(AnalysedPhoto photo, DetectedFace? chosen)
    {
        var faces = photo.Faces.Select((face, index) => (Index: index, Face: face))
            .Where(entry => chosen is null || entry.Face == chosen).ToList();
        return new(null, [.. faces.Select(entry => entry.Face.Embedding.Vector)]) { Faces = faces, FaceCount = photo.Faces.Count };
    }

    /// <summary>Compares the closest faces of two sides. A side without a face matches nobody, whatever the threshold.</summary>
    public static ComparisonDto Compare(ComparedSide first, ComparedSide second, double minCosine)
    {
        var (cosine, at, to) = (-1f, -1, -1);
        for (var i = 0; i < first.Vectors.Count; i++)
        {
            for (var j = 0; j < second.Vectors.Count; j++)
            {
                var current = TensorPrimitives.Dot<float>(first.Vectors[i], second.Vectors[j]);
                if (at < 0 || current > cosine)
                    (cosine, at, to) = (current, i, j);
            }
        }

        return new(
            first.Person?.Name, second.Person?.Name, Similarity(cosine), Math.Round(1 - cosine, 4), Similarity(cosine),
            (int)Math.Round(100 * MatchConfidence.FromCosine(cosine)), at >= 0 && cosine >= minCosine)
        {
            Faces1 = first.FaceCount,
            Faces2 = second.FaceCount,
            Face1 = first.ToDto(at),
            Face2 = second.ToDto(to),
        };
    }

    public static double Similarity(float cosine) => Math.Round(Math.Max(0, cosine), 4);

    private ComparedFaceDto? ToDto(int index) => index >= 0 && index < Faces.Count
        ? new(Faces[index].Index, DtoMapping.Box(Faces[index].Face), Math.Round(Faces[index].Face.Embedding.Quality, 3))
        : null;
}
