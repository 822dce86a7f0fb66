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

    /// <summary>
    /// Compares the closest faces of two sides. A side without a face matches nobody, whatever the threshold. Faces of a photo that were
    /// rejected for the person on the other side count only when there are no others, and then match nobody.
    /// </summary>
    public static ComparisonDto Compare(KnownPeople people, ComparedSide first, ComparedSide second, double minCosine)
    {
        var closest = Closest(first, second, _ => true);
        var isRejected = false;
        if (closest.At >= 0 && (first.Person ?? second.Person) is { } person && (first.Person is null || second.Person is null))
        {
            var (known, photo) = first.Person is null ? (second, first) : (first, second);
            var allowed = Closest(first, second, vector => !IsRejected(people, person, known, vector), photo);
            isRejected = allowed.At < 0;
            if (!isRejected) closest = allowed;
        }

        var (cosine, at, to) = closest;
        return new(
            first.Person?.Name, second.Person?.Name, Similarity(cosine), Math.Round(1 - cosine, 4), Similarity(cosine),
            (int)Math.Round(100 * MatchConfidence.FromCosine(cosine)), at >= 0 && cosine >= minCosine && !isRejected)
        {
            Faces1 = first.FaceCount,
            Faces2 = second.FaceCount,
            Face1 = first.ToDto(at),
            Face2 = second.ToDto(to),
        };
    }

    private static bool IsRejected(KnownPeople people, Person person, ComparedSide known, float[] vector) =>
        known.Vectors.Count > 0
        && people.IsRejected(person, vector, known.Vectors.Max(enrolled => TensorPrimitives.Dot<float>(enrolled, vector)));

    /// <summary>The closest vectors of two sides, of those that are allowed on one side; negative positions for none.</summary>
    private static (float Cosine, int At, int To) Closest(
        ComparedSide first, ComparedSide second, Func<float[], bool> isAllowed, ComparedSide? limited = null)
    {
        var (cosine, at, to) = (-1f, -1, -1);
        for (var i = 0; i < first.Vectors.Count; i++)
        {
            if (limited == first && !isAllowed(first.Vectors[i])) continue;
            for (var j = 0; j < second.Vectors.Count; j++)
            {
                if (limited == second && !isAllowed(second.Vectors[j])) continue;
                var current = TensorPrimitives.Dot<float>(first.Vectors[i], second.Vectors[j]);
                if (at < 0 || current > cosine)
                    (cosine, at, to) = (current, i, j);
            }
        }

        return (cosine, at, to);
    }

    public static double Similarity(float cosine) => Math.Round(Math.Max(0, cosine), 4);

    private ComparedFaceDto? ToDto(int index) => index >= 0 && index < Faces.Count
        ? new(Faces[index].Index, DtoMapping.Box(Faces[index].Face), Math.Round(Faces[index].Face.Embedding.Quality, 3))
        : null;
}
