using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StashAI.Visage.Embedding;

/// <summary>
/// Vectors of faces in groups of sixteen, each group number by number: all first numbers, then all second numbers. So one instruction
/// serves sixteen faces, each number that is loaded serves several faces that are searched for, and nothing is added up across a register.
/// A product is the same to the bit, whichever faces are searched for together.
/// </summary>
internal static class FaceRows
{
    /// <summary>The faces of a group.</summary>
    public const int Group = 16;

    /// <summary>How many faces <see cref="Products"/> compares with a group.</summary>
    public const int Queries = 8;

    private const int Dimensions = FaceEmbedding.Dimensions;

    /// <summary>Puts a face into a row.</summary>
    public static void Write(Span<float> rows, int row, ReadOnlySpan<float> vector)
    {
        var group = GroupOf(rows, row);
        for (var k = 0; k < vector.Length; k++) group[(k * Group) + (row % Group)] = vector[k];
    }

    /// <summary>The face of a row.</summary>
    public static float[] Read(Span<float> rows, int row)
    {
        var vector = new float[Dimensions];
        var group = GroupOf(rows, row);
        for (var k = 0; k < vector.Length; k++) vector[k] = group[(k * Group) + (row % Group)];
        return vector;
    }

    /// <summary>Faces to search for, each <see cref="Queries"/> of them number by number, the last ones filled up with zeros.</summary>
    public static float[] Pack(IReadOnlyList<float[]> queries)
    {
        var packed = new float[(queries.Count + Queries - 1) / Queries * Queries * Dimensions];
        for (var q = 0; q < queries.Count; q++)
        {
            var some = packed.AsSpan(q / Queries * Queries * Dimensions, Queries * Dimensions);
            for (var k = 0; k < Dimensions; k++) some[(k * Queries) + (q % Queries)] = queries[q][k];
        }

        return packed;
    }

    /// <summary>The products of some faces with a group: sixteen for the first face, sixteen for the second, and so on.</summary>
    /// <param name="group">The group, of rows.</param>
    /// <param name="queries">The faces, a part of <see cref="Pack"/>.</param>
    /// <param name="products">What is computed.</param>
    public static void Products(ReadOnlySpan<float> group, ReadOnlySpan<float> queries, Span<float> products)
    {
        Check(group, queries, products);
        if (Vector512.IsHardwareAccelerated || Vector<float>.Count > Group / 2)
        {
            OfEight(
                ref MemoryMarshal.GetReference(group), ref MemoryMarshal.GetReference(queries), ref MemoryMarshal.GetReference(products));
        }
        else
        {
            NarrowProducts(group, queries, products);
        }
    }

    /// <summary>
    /// The products of some faces with two groups that follow each other: those of <see cref="Products"/> with the first, and behind them
    /// those with the second. Each number of a face is loaded once for both, which takes a fifth less time where registers hold a group.
    /// </summary>
    /// <param name="groups">The two groups.</param>
    /// <param name="queries">The faces, a part of <see cref="Pack"/>.</param>
    /// <param name="products">What is computed.</param>
    public static void PairProducts(ReadOnlySpan<float> groups, ReadOnlySpan<float> queries, Span<float> products)
    {
        Check(groups[(Group * Dimensions)..], queries, products[(Group * Queries)..]);
        if (Vector512.IsHardwareAccelerated)
        {
            OfEightWithTwo(
                ref MemoryMarshal.GetReference(groups), ref MemoryMarshal.GetReference(queries), ref MemoryMarshal.GetReference(products));
        }
        else
        {
            Products(groups, queries, products);
            Products(groups[(Group * Dimensions)..], queries, products[(Group * Queries)..]);
        }
    }

    /// <summary><see cref="Products"/> on processors whose registers hold at most half a group.</summary>
    public static void NarrowProducts(ReadOnlySpan<float> group, ReadOnlySpan<float> queries, Span<float> products)
    {
        Check(group, queries, products);
        for (var four = 0; four < Queries; four += Queries / 2)
        {
            for (var row = 0; row < Group; row += 2 * Vector<float>.Count)
            {
                OfFour(
                    ref MemoryMarshal.GetReference(group[row..]), ref MemoryMarshal.GetReference(queries[four..]),
                    ref MemoryMarshal.GetReference(products[((four * Group) + row)..]));
            }
        }
    }

    private static void Check(ReadOnlySpan<float> group, ReadOnlySpan<float> queries, Span<float> products)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(group.Length, Group * Dimensions);
        ArgumentOutOfRangeException.ThrowIfLessThan(queries.Length, Queries * Dimensions);
        ArgumentOutOfRangeException.ThrowIfLessThan(products.Length, Group * Queries);
    }

    private static Span<float> GroupOf(Span<float> rows, int row) => rows.Slice(row / Group * Group * Dimensions, Group * Dimensions);

    // Compiled at once, since the first version of a method would be many times slower during a whole search.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfEight(ref float group, ref float queries, ref float products)
    {
        Vector512<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (nuint k = 0; k < Dimensions; k++)
        {
            var rows = Vector512.LoadUnsafe(ref group, k * Group);
            ref var query = ref Unsafe.Add(ref queries, k * Queries);
            a = Vector512.MultiplyAddEstimate(rows, Vector512.Create(query), a);
            b = Vector512.MultiplyAddEstimate(rows, Vector512.Create(Unsafe.Add(ref query, 1)), b);
            c = Vector512.MultiplyAddEstimate(rows, Vector512.Create(Unsafe.Add(ref query, 2)), c);
            d = Vector512.MultiplyAddEstimate(rows, Vector512.Create(Unsafe.Add(ref query, 3)), d);
            e = Vector512.MultiplyAddEstimate(rows, Vector512.Create(Unsafe.Add(ref query, 4)), e);
            f = Vector512.MultiplyAddEstimate(rows, Vector512.Create(Unsafe.Add(ref query, 5)), f);
            g = Vector512.MultiplyAddEstimate(rows, Vector512.Create(Unsafe.Add(ref query, 6)), g);
            h = Vector512.MultiplyAddEstimate(rows, Vector512.Create(Unsafe.Add(ref query, 7)), h);
        }

        a.StoreUnsafe(ref products);
        b.StoreUnsafe(ref products, Group);
        c.StoreUnsafe(ref products, 2 * Group);
        d.StoreUnsafe(ref products, 3 * Group);
        e.StoreUnsafe(ref products, 4 * Group);
        f.StoreUnsafe(ref products, 5 * Group);
        g.StoreUnsafe(ref products, 6 * Group);
        h.StoreUnsafe(ref products, 7 * Group);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfEightWithTwo(ref float groups, ref float queries, ref float products)
    {
        Vector512<float> ax = default, bx = default, cx = default, dx = default, ex = default, fx = default, gx = default, hx = default;
        Vector512<float> ay = default, by = default, cy = default, dy = default, ey = default, fy = default, gy = default, hy = default;
        for (nuint k = 0; k < Dimensions; k++)
        {
            var (x, y) = (Vector512.LoadUnsafe(ref groups, k * Group), Vector512.LoadUnsafe(ref groups, (Dimensions + k) * Group));
            ref var queryOf = ref Unsafe.Add(ref queries, k * Queries);
            var query = Vector512.Create(queryOf);
            ax = Vector512.MultiplyAddEstimate(x, query, ax);
            ay = Vector512.MultiplyAddEstimate(y, query, ay);
            query = Vector512.Create(Unsafe.Add(ref queryOf, 1));
            bx = Vector512.MultiplyAddEstimate(x, query, bx);
            by = Vector512.MultiplyAddEstimate(y, query, by);
            query = Vector512.Create(Unsafe.Add(ref queryOf, 2));
            cx = Vector512.MultiplyAddEstimate(x, query, cx);
            cy = Vector512.MultiplyAddEstimate(y, query, cy);
            query = Vector512.Create(Unsafe.Add(ref queryOf, 3));
            dx = Vector512.MultiplyAddEstimate(x, query, dx);
            dy = Vector512.MultiplyAddEstimate(y, query, dy);
            query = Vector512.Create(Unsafe.Add(ref queryOf, 4));
            ex = Vector512.MultiplyAddEstimate(x, query, ex);
            ey = Vector512.MultiplyAddEstimate(y, query, ey);
            query = Vector512.Create(Unsafe.Add(ref queryOf, 5));
            fx = Vector512.MultiplyAddEstimate(x, query, fx);
            fy = Vector512.MultiplyAddEstimate(y, query, fy);
            query = Vector512.Create(Unsafe.Add(ref queryOf, 6));
            gx = Vector512.MultiplyAddEstimate(x, query, gx);
            gy = Vector512.MultiplyAddEstimate(y, query, gy);
            query = Vector512.Create(Unsafe.Add(ref queryOf, 7));
            hx = Vector512.MultiplyAddEstimate(x, query, hx);
            hy = Vector512.MultiplyAddEstimate(y, query, hy);
        }

        ax.StoreUnsafe(ref products);
        bx.StoreUnsafe(ref products, Group);
        cx.StoreUnsafe(ref products, 2 * Group);
        dx.StoreUnsafe(ref products, 3 * Group);
        ex.StoreUnsafe(ref products, 4 * Group);
        fx.StoreUnsafe(ref products, 5 * Group);
        gx.StoreUnsafe(ref products, 6 * Group);
        hx.StoreUnsafe(ref products, 7 * Group);
        ay.StoreUnsafe(ref products, 8 * Group);
        by.StoreUnsafe(ref products, 9 * Group);
        cy.StoreUnsafe(ref products, 10 * Group);
        dy.StoreUnsafe(ref products, 11 * Group);
        ey.StoreUnsafe(ref products, 12 * Group);
        fy.StoreUnsafe(ref products, 13 * Group);
        gy.StoreUnsafe(ref products, 14 * Group);
        hy.StoreUnsafe(ref products, 15 * Group);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfFour(ref float group, ref float queries, ref float products)
    {
        var width = (nuint)Vector<float>.Count;
        Vector<float> ax = default, ay = default, bx = default, by = default, cx = default, cy = default, dx = default, dy = default;
        for (nuint k = 0; k < Dimensions; k++)
        {
            var (x, y) = (Vector.LoadUnsafe(ref group, k * Group), Vector.LoadUnsafe(ref group, (k * Group) + width));
            ref var queryOf = ref Unsafe.Add(ref queries, k * Queries);
            var query = new Vector<float>(queryOf);
            ax = Vector.MultiplyAddEstimate(x, query, ax);
            ay = Vector.MultiplyAddEstimate(y, query, ay);
            query = new Vector<float>(Unsafe.Add(ref queryOf, 1));
            bx = Vector.MultiplyAddEstimate(x, query, bx);
            by = Vector.MultiplyAddEstimate(y, query, by);
            query = new Vector<float>(Unsafe.Add(ref queryOf, 2));
            cx = Vector.MultiplyAddEstimate(x, query, cx);
            cy = Vector.MultiplyAddEstimate(y, query, cy);
            query = new Vector<float>(Unsafe.Add(ref queryOf, 3));
            dx = Vector.MultiplyAddEstimate(x, query, dx);
            dy = Vector.MultiplyAddEstimate(y, query, dy);
        }

        ax.StoreUnsafe(ref products);
        ay.StoreUnsafe(ref products, width);
        bx.StoreUnsafe(ref products, Group);
        by.StoreUnsafe(ref products, Group + width);
        cx.StoreUnsafe(ref products, 2 * Group);
        cy.StoreUnsafe(ref products, (2 * Group) + width);
        dx.StoreUnsafe(ref products, 3 * Group);
        dy.StoreUnsafe(ref products, (3 * Group) + width);
    }
}
