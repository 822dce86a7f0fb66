using CsCheck;
using StashAI.Visage.Embedding;
using StashAI.Visage.Gallery;

namespace StashAI.Visage.Tests.Gallery;

/// <summary>
/// The search of faces, compared with a plain loop: any number of faces and queries, people who were removed, any threshold.
/// </summary>
public sealed class VectorIndexTests
{
    private static readonly Gen<(int Seed, int Rows, int Queries, int Removed, float MinCosine)> Cases = Gen.Select(
        Gen.Int, Gen.OneOf(Gen.Int[0, 40], Gen.Int[1020, 1060]), Gen.Int[1, 19], Gen.Int[0, 3],
        Gen.OneOf(Gen.Float[-1, 1], Gen.Const(float.NegativeInfinity), Gen.Const(float.PositiveInfinity)));

    [Fact]
    public void It_finds_what_a_plain_loop_finds() => Cases.Sample(
        one =>
        {
            var random = new Random(one.Seed);
            var faces = Enumerable.Range(0, one.Rows)
                .Select(row => (Person: 1L + random.Next(1 + (row / 2)), Vector: Face(random))).ToList();
            var index = new VectorIndex();
            var edit = index.BeginEdit();
            foreach (var (person, vector) in faces) edit.Add(person, vector);
            edit.Commit();
            for (var person = 1L; person <= one.Removed; person++)
            {
                edit = index.BeginEdit();
                edit.Remove(person);
                edit.Commit();
                faces.RemoveAll(face => face.Person == person);
            }

            // Some look for a face that is there.
            var queries = Enumerable.Range(0, one.Queries)
                .Select(i => i % 3 == 0 && faces.Count > 0 ? faces[random.Next(faces.Count)].Vector : Face(random)).ToList();

            var found = index.Search(queries, one.MinCosine);

            for (var q = 0; q < queries.Count; q++)
            {
                var cosines = faces.Select(face => (face.Person, Cosine: Cosine(face.Vector, queries[q]))).ToList();
                // What is this close to the threshold may be found or not.
                var sure = cosines.Where(face => face.Cosine >= one.MinCosine + 1e-5).Select(face => face.Person).ToHashSet();
                var possible = cosines.Where(face => face.Cosine >= one.MinCosine - 1e-5).Select(face => face.Person).ToHashSet();
                Assert.Superset(sure, found[q].Keys.ToHashSet());
                Assert.Subset(possible, found[q].Keys.ToHashSet());
                foreach (var (person, score) in found[q])
                {
                    var own = cosines.Where(face => face.Person == person).ToList();
                    Assert.Equal(own.Max(face => face.Cosine), score.Best, 1e-5);
                    Assert.InRange(
                        score.Hits, own.Count(face => face.Cosine >= one.MinCosine + 1e-5),
                        own.Count(face => face.Cosine >= one.MinCosine - 1e-5));
                }

                // The same to the bit, whatever else is searched for.
                Assert.Equal(Sorted(index.Search([queries[q]], one.MinCosine)[0]), Sorted(found[q]));
            }

            foreach (var (person, _) in faces.Take(3))
                Assert.Equal(faces.Where(face => face.Person == person).Select(face => face.Vector), index.VectorsOf(person));
        },
        iter: 60);

    [Fact]
    public void Every_processor_computes_the_same_products() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var rows = new float[2 * FaceRows.Group * FaceEmbedding.Dimensions];
            for (var row = 0; row < 2 * FaceRows.Group; row++) FaceRows.Write(rows, row, Face(random));
            var second = rows.AsSpan(FaceRows.Group * FaceEmbedding.Dimensions);
            var queries = FaceRows.Pack([.. Enumerable.Range(0, 1 + random.Next(FaceRows.Queries)).Select(_ => Face(random))]);
            var (wide, narrow) = (new float[FaceRows.Group * FaceRows.Queries], new float[FaceRows.Group * FaceRows.Queries]);

            FaceRows.Products(rows, queries, wide);
            FaceRows.NarrowProducts(rows, queries, narrow);
            var pair = new float[2 * wide.Length];
            FaceRows.PairProducts(rows, queries, pair);

            Assert.Equal(wide, narrow);
            Assert.Equal(wide, pair[..wide.Length]);
            FaceRows.Products(second, queries, wide);
            Assert.Equal(wide, pair[wide.Length..]);
        },
        iter: 20);

    private static List<KeyValuePair<long, FaceScore>> Sorted(Dictionary<long, FaceScore> found) => [.. found.OrderBy(one => one.Key)];

    private static double Cosine(float[] one, float[] other) => one.Zip(other, (a, b) => (double)a * b).Sum();

    private static float[] Face(Random random)
    {
        var vector = new float[FaceEmbedding.Dimensions];
        for (var i = 0; i < vector.Length; i++) vector[i] = (float)(random.NextDouble() - 0.5);
        var length = (float)Math.Sqrt(vector.Sum(number => (double)number * number));
        return [.. vector.Select(number => number / length)];
    }
}
