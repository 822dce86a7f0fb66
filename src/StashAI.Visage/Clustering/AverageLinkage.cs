using System.Numerics.Tensors;

namespace StashAI.Visage.Clustering;

/// <summary>
/// Average-linkage clustering: joins groups of faces until the mean cosine between any two groups is below a limit. It follows chains of
/// nearest neighbours, which takes quadratic time and gives the same result as joining the two closest groups again and again.
/// </summary>
internal sealed class AverageLinkage
{
    private readonly int count;
    private readonly float[] cosines;
    private readonly List<int>[] groups;
    private readonly bool[] isOpen;

    private AverageLinkage(IReadOnlyList<float[]> vectors)
    {
        count = vectors.Count;
        groups = [.. Enumerable.Range(0, count).Select(i => new List<int> { i })];
        isOpen = [.. Enumerable.Repeat(true, count)];
        cosines = new float[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
                cosines[(i * count) + j] = cosines[(j * count) + i] = TensorPrimitives.Dot<float>(vectors[i], vectors[j]);
        }
    }

    /// <returns>The indexes of each group, the largest group first.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Group(
        IReadOnlyList<float[]> vectors, float minMeanCosine, CancellationToken cancellationToken)
    {
        var linkage = new AverageLinkage(vectors);
        linkage.Join(minMeanCosine, cancellationToken);
        return [.. linkage.groups.Where(group => group.Count > 0).OrderByDescending(group => group.Count).ThenBy(group => group[0])];
    }

    private void Join(float minMeanCosine, CancellationToken cancellationToken)
    {
        var chain = new List<int>();
        for (var next = 0; next < count || chain.Count > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (chain.Count == 0)
            {
                if (isOpen[next])
                    chain.Add(next);
                else
                    next++;
                continue;
            }

            var tip = chain[^1];
            var before = chain.Count > 1 ? chain[^2] : -1;
            var nearest = FindNearest(tip, before);
            if (nearest < 0 || cosines[(tip * count) + nearest] < minMeanCosine)
            {
                // No later join can bring another group closer to this one.
                isOpen[tip] = false;
                chain.RemoveAt(chain.Count - 1);
            }
            else if (nearest == before)
            {
                Merge(tip, into: before);
                chain.RemoveRange(chain.Count - 2, 2);
            }
            else
            {
                chain.Add(nearest);
            }
        }
    }

    /// <summary>
    /// The open group with the highest mean cosine. A tie goes to the previous group of the chain, so that the chain ends.
    /// </summary>
    private int FindNearest(int group, int before)
    {
        var row = cosines.AsSpan(group * count, count);
        var best = before;
        for (var other = 0; other < count; other++)
        {
            if (other != group && isOpen[other] && (best < 0 || row[other] > row[best]))
                best = other;
        }

        return best;
    }

    private void Merge(int group, int into)
    {
        float size = groups[group].Count, otherSize = groups[into].Count;
        for (var other = 0; other < count; other++)
        {
            var mean = ((size * cosines[(group * count) + other]) + (otherSize * cosines[(into * count) + other])) / (size + otherSize);
            cosines[(into * count) + other] = cosines[(other * count) + into] = mean;
        }

        groups[into].AddRange(groups[group]);
        groups[into].Sort();
        groups[group].Clear();
        isOpen[group] = false;
    }
}
