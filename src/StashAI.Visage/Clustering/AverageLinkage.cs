namespace StashAI.Visage.Clustering;

/// <summary>
/// Average-linkage clustering: joins groups of faces until the mean cosine between any two groups is below a limit. Two groups that are
/// closest to each other are joined whatever happens elsewhere, because no other join brings a third group closer to them; so all such
/// pairs are joined at once, in rounds, and the result is that of joining the two closest groups again and again.
/// </summary>
/// <remarks>
/// Memory is that of the vectors. Time is quadratic: where rounds join too little, as when all faces are copies of one, the rest is joined
/// along chains of nearest neighbours, which need at most three searches for each group.
/// </remarks>
internal sealed class AverageLinkage
{
    /// <summary>A round that joins fewer than one pair for so many searches is wasteful.</summary>
    private const int SearchesPerJoin = 8;

    /// <summary>The searches of a chain for each group.</summary>
    private const int ChainSearches = 3;

    private readonly FaceMatrix matrix;
    private readonly float minMeanCosine;
    private readonly int cores;
    private readonly NearestGroups nearest;
    private readonly List<int>?[] groups;
    private readonly bool[] isOpen;

    private AverageLinkage(FaceMatrix matrix, float minMeanCosine, int cores)
    {
        (this.matrix, this.minMeanCosine, this.cores) = (matrix, minMeanCosine, cores);
        nearest = new NearestGroups(matrix, cores);
        groups = [.. Enumerable.Range(0, matrix.Count).Select(i => new List<int> { i })];
        isOpen = [.. Enumerable.Repeat(true, matrix.Count)];
    }

    /// <param name="matrix">The vectors as groups of one. Afterwards it has the groups, each in the row of its lowest index.</param>
    /// <param name="minMeanCosine">Groups are joined while the mean cosine between two is at least this.</param>
    /// <param name="cores">How many processor cores it may use.</param>
    /// <returns>The indexes of each group in order, the largest group first.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Group(
        FaceMatrix matrix, float minMeanCosine, int cores, CancellationToken cancellationToken)
    {
        var linkage = new AverageLinkage(matrix, minMeanCosine, cores);
        linkage.JoinInRounds(cancellationToken);
        var found = linkage.groups.OfType<List<int>>().ToList();
        foreach (var group in found) group.Sort();
        return [.. found.OrderByDescending(group => group.Count).ThenBy(group => group[0])];
    }

    private void JoinInRounds(CancellationToken cancellationToken)
    {
        var asked = Enumerable.Range(0, matrix.Count).ToArray();
        var wasted = 0L;
        while (asked.Length > 0)
        {
            var isAsked = new bool[matrix.Count];
            foreach (var group in asked) isAsked[group] = true;
            nearest.Update(asked, [.. Open().Where(group => !isAsked[group])], cancellationToken);
            // No later join can bring another group closer to these.
            foreach (var group in Open())
            {
                if (nearest[group].Group < 0 || nearest[group].Cosine < minMeanCosine) isOpen[group] = false;
            }

            var pairs = Open().Where(IsFirstOfPair).Select(group => (Into: group, From: nearest[group].Group)).ToList();
            var isChanged = new bool[matrix.Count];
            foreach (var (into, from) in pairs)
            {
                isChanged[into] = isChanged[from] = true;
                Join(from, into);
            }

            if (pairs.Count * (long)SearchesPerJoin < asked.Length) wasted += asked.Length;
            asked = [.. Open().Where(group => isChanged[group] || isChanged[nearest[group].Group])];
            if (wasted <= ChainSearches * (long)Open().Count()) continue;
            JoinAlongChains(cancellationToken);
            return;
        }
    }

    private bool IsFirstOfPair(int group) => nearest[group].Group is var other && other > group && nearest[other].Group == group;

    private void JoinAlongChains(CancellationToken cancellationToken)
    {
        var chain = new List<int>();
        int[] open = [.. Open()];
        var closed = 0;
        for (var next = 0; next < matrix.Count || chain.Count > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (closed > open.Length / 8) (open, closed) = ([.. Open()], 0);
            if (chain.Count == 0)
            {
                if (isOpen[next]) chain.Add(next);
                else next++;
                continue;
            }

            var tip = chain[^1];
            var before = chain.Count > 1 ? chain[^2] : -1;
            var (closest, cosine) = FindNearest(tip, before, open);
            if (closest < 0 || cosine < minMeanCosine)
            {
                isOpen[tip] = false;
                closed++;
                chain.RemoveAt(chain.Count - 1);
            }
            else if (closest == before)
            {
                Join(Math.Max(tip, before), Math.Min(tip, before));
                closed++;
                chain.RemoveRange(chain.Count - 2, 2);
            }
            else
            {
                chain.Add(closest);
            }
        }
    }

    /// <summary>
    /// The open group with the highest mean cosine. A tie goes to the previous group of the chain, so that the chain ends.
    /// </summary>
    private (int Group, float Cosine) FindNearest(int group, int before, int[] others)
    {
        var best = (Group: before, Cosine: before < 0 ? float.NegativeInfinity : matrix.MeanCosine(group, before));
        var gate = new Lock();
        var share = (others.Length + cores - 1) / cores;
        Parallel.For(0, cores, new ParallelOptions { MaxDegreeOfParallelism = cores }, core =>
        {
            var part = others.AsSpan(Math.Min(core * share, others.Length)..Math.Min((core + 1) * share, others.Length));
            var own = FindNearest(group, part);
            lock (gate)
            {
                if (own.Cosine > best.Cosine || (own.Cosine == best.Cosine && best.Group != before && own.Group < best.Group)) best = own;
            }
        });
        return best;
    }

    private (int Group, float Cosine) FindNearest(int group, ReadOnlySpan<int> others)
    {
        var best = (Group: -1, Cosine: float.NegativeInfinity);
        Span<int> four = stackalloc int[VectorProducts.Rows];
        Span<float> products = stackalloc float[2 * VectorProducts.Rows];
        for (var at = 0; at < others.Length; at += VectorProducts.Rows)
        {
            var count = Math.Min(VectorProducts.Rows, others.Length - at);
            for (var i = 0; i < four.Length; i++) four[i] = others[at + Math.Min(i, count - 1)];
            VectorProducts.OfFour(matrix.Sums, matrix.Width, four, group, group, products);
            for (var i = 0; i < count; i++)
            {
                if (four[i] == group || !isOpen[four[i]]) continue;
                if (matrix.Mean(products[2 * i], group, four[i]) is var cosine && cosine > best.Cosine) best = (four[i], cosine);
            }
        }

        return best;
    }

    private IEnumerable<int> Open()
    {
        for (var group = 0; group < isOpen.Length; group++)
        {
            if (isOpen[group]) yield return group;
        }
    }

    private void Join(int group, int into)
    {
        matrix.Merge(group, into);
        groups[into]!.AddRange(groups[group]!);
        groups[group] = null;
        isOpen[group] = false;
    }
}
