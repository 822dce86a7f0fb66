using System.Numerics.Tensors;

namespace StashAI.Visage.Clustering;

/// <summary>
/// Groups faces by person. Clear faces are grouped by average linkage. Unclear ones, which look alike whoever they show and are often no
/// faces at all, only join the group of clear faces that they are closest to, and never each other.
/// </summary>
internal static class FaceGrouping
{
    /// <summary>
    /// The least quality of a clear face. Of faces that people recognise, 95 % have more than 3.3; most wrongly detected ones less than
    /// 2.1.
    /// </summary>
    public const float ClearQuality = 2.5f;

    /// <summary>The most faces of a group that are worth enrolling: more of them find hardly anybody whom these do not find.</summary>
    public const int MaxBest = 10;

    /// <summary>Two faces with a higher cosine are nearly the same picture.</summary>
    private const float Same = 0.95f;

    /// <summary>A face is worth enrolling if its quality is at least this part of the median of its group.</summary>
    private const float LeastQuality = 0.9f;

    /// <param name="vectors">The faces as unit vectors.</param>
    /// <param name="qualities">Their qualities.</param>
    /// <param name="minMeanCosine">The least mean cosine between the faces of two groups that are joined.</param>
    /// <param name="cores">How many processor cores it may use.</param>
    /// <returns>The groups, the largest first; a face that resembles no other is a group of its own.</returns>
    public static IReadOnlyList<FaceGroup> Group(
        IReadOnlyList<float[]> vectors, IReadOnlyList<float> qualities, float minMeanCosine, int cores, CancellationToken cancellationToken)
    {
        var clear = Enumerable.Range(0, vectors.Count).Where(face => qualities[face] >= ClearQuality).ToList();
        var matrix = new FaceMatrix([.. clear.Select(face => vectors[face])]);
        var linked = AverageLinkage.Group(matrix, minMeanCosine, cores, cancellationToken);
        var groups = linked.Select(group => group.Select(i => clear[i]).ToList()).ToList();
        var centres = linked.Select(group => CentreOf(matrix.SumOf(group[0])[..vectors[0].Length], group.Count)).ToList();
        var sizes = groups.ConvertAll(group => group.Count);
        foreach (var face in Enumerable.Range(0, vectors.Count).Where(face => qualities[face] < ClearQuality))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (closest, cosine) = Closest(vectors[face], centres);
            if (closest >= 0 && cosine >= minMeanCosine)
            {
                groups[closest].Add(face);
            }
            else
            {
                groups.Add([face]);
                sizes.Add(1);
            }
        }

        return
        [
            .. groups.Select((group, i) => i < centres.Count
                    ? Sort(group, sizes[i], centres[i], vectors, qualities)
                    : new FaceGroup(group, 0))
                .OrderByDescending(group => group.Faces.Count).ThenBy(group => group.Faces.Min()),
        ];
    }

    /// <summary>The mean of the faces: its product with a face is the face's mean cosine.</summary>
    private static float[] CentreOf(ReadOnlySpan<float> sum, int count)
    {
        var centre = new float[sum.Length];
        TensorPrimitives.Divide(sum, count, centre);
        return centre;
    }

    private static (int Group, float Cosine) Closest(float[] face, List<float[]> centres)
    {
        var best = (Group: -1, Cosine: float.NegativeInfinity);
        for (var i = 0; i < centres.Count; i++)
        {
            if (TensorPrimitives.Dot<float>(face, centres[i]) is var cosine && cosine > best.Cosine) best = (i, cosine);
        }

        return best;
    }

    /// <summary>
    /// Chooses the faces that show a person best: clear ones, and each as different as can be from those before it, so that they find the
    /// person from all sides. A face that is far from its group may be a mistake and is not chosen.
    /// </summary>
    private static FaceGroup Sort(
        List<int> group, int clear, float[] centre, IReadOnlyList<float[]> vectors, IReadOnlyList<float> qualities)
    {
        var closeness = group.Take(clear).ToDictionary(face => face, face => TensorPrimitives.Dot<float>(vectors[face], centre));
        var median = Median(group.Take(clear).Select(face => qualities[face]));
        var typical = Median(closeness.Values);
        var good = group.Take(clear).Where(face => qualities[face] >= LeastQuality * median && closeness[face] >= LeastQuality * typical)
            .ToList();
        if (good.Count == 0) good = [closeness.MaxBy(face => face.Value).Key];
        var first = good.MaxBy(face => closeness[face] * qualities[face]);
        var chosen = new List<int>();
        var likeness = good.ToDictionary(face => face, _ => -1f);
        for (int? next = first; next is { } face && chosen.Count < MaxBest;)
        {
            chosen.Add(face);
            likeness.Remove(face);
            foreach (var other in likeness.Keys)
                likeness[other] = MathF.Max(likeness[other], TensorPrimitives.Dot<float>(vectors[other], vectors[face]));
            next = likeness.Count > 0 && likeness.MinBy(other => other.Value) is { Value: < Same } most ? most.Key : null;
        }

        return new FaceGroup([.. chosen, .. group.Except(chosen).Order()], chosen.Count);
    }

    private static float Median(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
