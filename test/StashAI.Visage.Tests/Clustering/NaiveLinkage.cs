namespace StashAI.Visage.Tests.Clustering;

/// <summary>Average linkage as it is defined: the two closest groups are joined, again and again.</summary>
internal static class NaiveLinkage
{
    public static IEnumerable<string> Sorted(IEnumerable<IReadOnlyList<int>> groups) =>
        groups.Select(group => string.Join(',', group.Order())).Order(StringComparer.Ordinal);

    public static List<IReadOnlyList<int>> Group(List<float[]> vectors, float limit)
    {
        var groups = vectors.Select((_, i) => new List<int> { i }).ToList();
        float Mean(List<int> a, List<int> b) => a.Average(i => b.Average(j => vectors[i].Zip(vectors[j], (x, y) => x * y).Sum()));
        while (true)
        {
            var (best, first, second) = (limit, -1, -1);
            for (var i = 0; i < groups.Count; i++)
            {
                for (var j = i + 1; j < groups.Count; j++)
                {
                    if (Mean(groups[i], groups[j]) is var mean && mean >= best)
                        (best, first, second) = (mean, i, j);
                }
            }

            if (first < 0)
                return [.. groups];
            groups[first].AddRange(groups[second]);
            groups.RemoveAt(second);
        }
    }
}
