namespace StashAI.Visage.Clustering;

/// <summary>
/// Keeps for each open group the open group that is closest to it: the one with the highest mean cosine, of several the one with the lowest
/// row. Pairs of groups are compared in blocks that fit into the cache, on all cores that it may use.
/// </summary>
internal sealed class NearestGroups(FaceMatrix matrix, int cores)
{
    private const int Block = 256;
    private const int None = -1;

    private readonly int[] nearest = [.. Enumerable.Repeat(None, matrix.Count)];
    private readonly float[] cosines = [.. Enumerable.Repeat(float.NegativeInfinity, matrix.Count)];

    /// <summary>The closest group and its mean cosine; negative when there is none.</summary>
    public (int Group, float Cosine) this[int group] => (nearest[group], cosines[group]);

    /// <summary>
    /// Compares some groups with all open ones, and notes for both of each pair whether the other is closer than what it knew.
    /// </summary>
    /// <param name="asked">The groups whose closest one is unknown; each is open.</param>
    /// <param name="others">The open groups that were not asked for.</param>
    public void Update(int[] asked, int[] others, CancellationToken cancellationToken)
    {
        foreach (var group in asked) (nearest[group], cosines[group]) = (None, float.NegativeInfinity);
        int[] all = [.. asked, .. others];
        var gate = new Lock();
        var blocks = (asked.Length + Block - 1) / Block;
        // The first blocks have the most pairs, and a partition would give them all to one core.
        var next = -1;
        Parallel.For(0, Math.Min(cores, Math.Max(blocks, 1)), new ParallelOptions { MaxDegreeOfParallelism = cores }, _ =>
        {
            var own = new Best(matrix.Count);
            for (int block; (block = Interlocked.Increment(ref next)) < blocks;)
                Compare(asked, all, block * Block, own, cancellationToken);
            lock (gate)
            {
                foreach (var group in all) Note(group, own.Nearest[group], own.Cosines[group]);
            }
        });
    }

    private void Note(int group, int other, float cosine)
    {
        if (other != None && IsCloser(other, cosine, nearest[group], cosines[group])) (nearest[group], cosines[group]) = (other, cosine);
    }

    /// <summary>Compares the block of asked groups with each other and with all that come after it.</summary>
    private void Compare(int[] asked, int[] all, int from, Best best, CancellationToken cancellationToken)
    {
        var to = Math.Min(from + Block, asked.Length);
        Span<float> products = stackalloc float[2 * VectorProducts.Rows];
        for (var other = from; other < all.Length; other += Block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = Math.Min(other + Block, all.Length);
            var row = from;
            for (; row + VectorProducts.Rows <= to; row += VectorProducts.Rows)
            {
                var four = all.AsSpan(row, VectorProducts.Rows);
                // Groups of the block itself are compared once: with those behind them.
                var column = Math.Max(other, row + 1);
                for (; column + 2 <= end; column += 2)
                {
                    VectorProducts.OfFour(matrix.Sums, matrix.Width, four, all[column], all[column + 1], products);
                    for (var i = 0; i < VectorProducts.Rows; i++)
                    {
                        if (column > row + i) Note(best, four[i], all[column], products[2 * i]);
                        if (column + 1 > row + i) Note(best, four[i], all[column + 1], products[(2 * i) + 1]);
                    }
                }

                for (; column < end; column++)
                {
                    for (var i = 0; i < VectorProducts.Rows && row + i < column; i++)
                        Note(best, four[i], all[column], VectorProducts.OfTwo(matrix.Sums, matrix.Width, four[i], all[column]));
                }
            }

            for (; row < to; row++)
            {
                for (var column = Math.Max(other, row + 1); column < end; column++)
                    Note(best, all[row], all[column], VectorProducts.OfTwo(matrix.Sums, matrix.Width, all[row], all[column]));
            }
        }
    }

    private void Note(Best best, int one, int other, float product)
    {
        var cosine = matrix.Mean(product, one, other);
        best.Note(one, other, cosine);
        best.Note(other, one, cosine);
    }

    private static bool IsCloser(int group, float cosine, int than, float thanCosine) =>
        cosine > thanCosine || (cosine == thanCosine && (than == None || group < than));

    /// <summary>What one core found.</summary>
    private sealed class Best(int count)
    {
        public int[] Nearest { get; } = [.. Enumerable.Repeat(None, count)];

        public float[] Cosines { get; } = [.. Enumerable.Repeat(float.NegativeInfinity, count)];

        public void Note(int group, int other, float cosine)
        {
            if (cosine < Cosines[group] || !IsCloser(other, cosine, Nearest[group], Cosines[group])) return;
            (Nearest[group], Cosines[group]) = (other, cosine);
        }
    }
}
