using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using StashAI.Visage.Embedding;

namespace StashAI.Visage.Gallery;

/// <summary>
/// All faces of the gallery in memory, for brute-force search. Readers use a snapshot and never wait. An edit only appends after the last
/// row of every snapshot, or replaces blocks; the caller must ensure that there is only one edit at a time.
/// </summary>
internal sealed class VectorIndex
{
    private const int RowsPerBlock = 1024;
    private const long Removed = 0;

    private Snapshot current = new([], 0, 0);

    /// <summary>The number of faces, without removed ones.</summary>
    public int Count => Volatile.Read(ref current) is var snapshot ? snapshot.Rows - snapshot.RemovedRows : 0;

    /// <summary>A new object after every change; compare it by reference.</summary>
    public object Version => Volatile.Read(ref current);

    /// <summary>Begins a change, which readers see only when it is complete.</summary>
    public Edit BeginEdit() => new(this);

    /// <summary>Copies of all vectors of a person.</summary>
    public List<float[]> VectorsOf(long person)
    {
        var found = new List<float[]>();
        var snapshot = Volatile.Read(ref current);
        for (var b = 0; b < snapshot.Blocks.Length; b++)
        {
            var people = snapshot.Blocks[b].People.AsSpan(0, Math.Min(RowsPerBlock, snapshot.Rows - (b * RowsPerBlock)));
            for (var row = 0; row < people.Length; row++)
            {
                if (people[row] == person)
                    found.Add(FaceRows.Read(snapshot.Blocks[b].Vectors, row));
            }
        }

        return found;
    }

    /// <summary>
    /// For each query vector, by person: the best cosine and the number of faces that reach <paramref name="minCosine"/>.
    /// </summary>
    public IReadOnlyList<Dictionary<long, FaceScore>> Search(IReadOnlyList<float[]> queries, float minCosine)
    {
        var found = queries.Select(_ => new Dictionary<long, FaceScore>()).ToArray();
        var packed = FaceRows.Pack(queries);
        var snapshot = Volatile.Read(ref current);
        for (var b = 0; b < snapshot.Blocks.Length; b++)
            SearchBlock(snapshot.Blocks[b], Math.Min(RowsPerBlock, snapshot.Rows - (b * RowsPerBlock)), packed, minCosine, found);
        return found;
    }

    private static void SearchBlock(Block block, int rows, float[] packed, float minCosine, Dictionary<long, FaceScore>[] found)
    {
        Span<float> cosines = stackalloc float[2 * FaceRows.Group * FaceRows.Queries];
        for (var row = 0; row < rows; row += 2 * FaceRows.Group)
        {
            // Two groups fit into the nearest caches: compare every query with them before the next ones.
            var groups = block.Vectors.AsSpan(row * FaceEmbedding.Dimensions, 2 * FaceRows.Group * FaceEmbedding.Dimensions);
            var owners = block.People.AsSpan(row, Math.Min(FaceRows.Group, rows - row));
            var others = block.People.AsSpan(row + owners.Length, Math.Min(FaceRows.Group, rows - row - owners.Length));
            for (var q = 0; q < found.Length; q += FaceRows.Queries)
            {
                var some = packed.AsSpan(q * FaceEmbedding.Dimensions, FaceRows.Queries * FaceEmbedding.Dimensions);
                if (others.IsEmpty) FaceRows.Products(groups, some, cosines);
                else FaceRows.PairProducts(groups, some, cosines);
                for (var i = 0; i < FaceRows.Queries && q + i < found.Length; i++)
                {
                    Note(owners, cosines.Slice(i * FaceRows.Group, FaceRows.Group), minCosine, found[q + i]);
                    if (others.IsEmpty) continue;
                    Note(others, cosines.Slice((FaceRows.Queries + i) * FaceRows.Group, FaceRows.Group), minCosine, found[q + i]);
                }
            }
        }
    }

    private static void Note(ReadOnlySpan<long> owners, ReadOnlySpan<float> cosines, float minCosine, Dictionary<long, FaceScore> found)
    {
        // Most groups have nobody who is alike.
        var least = Vector256.Create(minCosine);
        if (!Vector256.GreaterThanOrEqualAny(Vector256.Create(cosines), least)
            && !Vector256.GreaterThanOrEqualAny(Vector256.Create(cosines[Vector256<float>.Count..]), least))
        {
            return;
        }

        for (var row = 0; row < owners.Length; row++)
        {
            var cosine = cosines[row];
            if (!(cosine >= minCosine) || owners[row] == Removed) continue;
            ref var score = ref CollectionsMarshal.GetValueRefOrAddDefault(found, owners[row], out var isKnown);
            score = isKnown ? new(MathF.Max(score.Best, cosine), score.Hits + 1) : new(cosine, 1);
        }
    }

    private static Snapshot Append(Snapshot snapshot, long person, ReadOnlySpan<float> vector)
    {
        var row = snapshot.Rows % RowsPerBlock;
        var blocks = snapshot.Blocks;
        if (row == 0)
            blocks = [.. blocks, new Block(new float[RowsPerBlock * FaceEmbedding.Dimensions], new long[RowsPerBlock])];

        var block = blocks[^1];
        FaceRows.Write(block.Vectors, row, vector);
        block.People[row] = person;
        return new(blocks, snapshot.Rows + 1, snapshot.RemovedRows);
    }

    private static Snapshot Without(Snapshot snapshot, long person)
    {
        var blocks = (Block[])snapshot.Blocks.Clone();
        var removed = 0;
        for (var b = 0; b < blocks.Length; b++)
        {
            // The rest of the last block may have rows of an edit that was not committed.
            var rows = Math.Min(RowsPerBlock, snapshot.Rows - (b * RowsPerBlock));
            var people = blocks[b].People;
            if (!people.AsSpan(0, rows).Contains(person))
                continue;

            // A reader may be using this block: share the vectors, copy the owners.
            var copy = (long[])people.Clone();
            removed += copy.AsSpan(0, rows).Count(person);
            copy.AsSpan(0, rows).Replace(person, Removed);
            blocks[b] = blocks[b] with { People = copy };
        }

        return removed == 0 ? snapshot : new(blocks, snapshot.Rows, snapshot.RemovedRows + removed);
    }

    private static Snapshot Compact(Snapshot full)
    {
        if (full.RemovedRows <= RowsPerBlock || full.RemovedRows <= full.Rows / 2)
            return full;

        var target = new Snapshot([], 0, 0);
        for (var row = 0; row < full.Rows; row++)
        {
            var block = full.Blocks[row / RowsPerBlock];
            var rowInBlock = row % RowsPerBlock;
            if (block.People[rowInBlock] != Removed)
                target = Append(target, block.People[rowInBlock], FaceRows.Read(block.Vectors, rowInBlock));
        }

        return target;
    }

    /// <summary>A change of the index. It has no effect unless it is committed. People are row keys greater than 0.</summary>
    internal sealed class Edit(VectorIndex index)
    {
        private Snapshot next = index.current;

        public void Add(long person, ReadOnlySpan<float> vector) => next = Append(next, person, vector);

        /// <summary>Removes the faces of everybody.</summary>
        public void Clear() => next = new([], 0, 0);

        /// <summary>Removes all faces of a person.</summary>
        public void Remove(long person) => next = Without(next, person);

        public void Commit() => Volatile.Write(ref index.current, Compact(next));
    }

    private sealed record Snapshot(Block[] Blocks, int Rows, int RemovedRows);

    private sealed record Block(float[] Vectors, long[] People);
}
