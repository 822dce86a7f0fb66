namespace StashAI.Testing.Faces;

/// <summary>
/// Faces with the cosines of real ones: two faces of one person have a cosine of 0.79 on average and of 0.48 for one pair in a hundred,
/// two people one of up to 0.25 for 99 of a hundred pairs. Unclear faces resemble each other more than anybody.
/// </summary>
public sealed class SyntheticFaces
{
    private const int Dimensions = 512;

    /// <summary>People differ in so many directions only, so that some look alike.</summary>
    private const int PeopleDimensions = 100;

    private readonly Random random;
    private readonly float[] unclear;

    /// <summary>An empty set; the same seed gives the same faces.</summary>
    public SyntheticFaces(int seed)
    {
        random = new Random(seed);
        unclear = Direction(Dimensions);
    }

    /// <summary>The embeddings, of length 1.</summary>
    public List<float[]> Vectors { get; } = [];

    /// <summary>The quality of each face; unclear ones have less than 2.5.</summary>
    public List<float> Qualities { get; } = [];

    /// <summary>The person of each face; negative for an unclear face.</summary>
    public List<int> People { get; } = [];

    /// <summary>A set as a collection of photos has: some people are on very many, most on few.</summary>
    public static SyntheticFaces Collection(int faces, int seed)
    {
        var set = new SyntheticFaces(seed);
        set.AddUnclear(faces / 20);
        for (var person = 0; set.Vectors.Count < faces; person++)
            set.AddPerson(person, Math.Min(faces - set.Vectors.Count, 1 + (int)(faces / 20.0 / (1 + person))));
        return set;
    }

    /// <summary>Adds faces of one person.</summary>
    public void AddPerson(int person, int faces)
    {
        var centre = Direction(PeopleDimensions);
        for (var i = 0; i < faces; i++)
        {
            // Few faces are far from what their person looks like.
            var likeness = Math.Clamp(0.94f + (0.05f * (float)Math.Log(1 - random.NextDouble())), 0.5f, 1);
            Add(person, Mix(centre, likeness, Direction(Dimensions)), 3 + (2 * random.NextSingle()));
        }
    }

    /// <summary>Adds faces that resemble each other because they are bad crops.</summary>
    public void AddUnclear(int faces)
    {
        for (var i = 0; i < faces; i++)
            Add(-1, Mix(unclear, 0.75f, Direction(Dimensions)), 1.6f + (0.5f * random.NextSingle()));
    }

    /// <summary>Faces each of which resembles the next one as much as two photos of one person do, from one person to another.</summary>
    public void AddChain(int person, int faces)
    {
        var (first, second) = (Direction(Dimensions), Direction(Dimensions));
        for (var i = 0; i < faces; i++)
        {
            if (i > 0 && i % 3 == 0) (first, second) = (second, Direction(Dimensions));
            var angle = i % 3 * (Math.PI / 2) / 3;
            Add(person, Mix(first, (float)Math.Cos(angle), second), 4);
        }
    }

    /// <summary>Adds a face.</summary>
    public void Add(int person, float[] vector, float quality)
    {
        Vectors.Add(vector);
        Qualities.Add(quality);
        People.Add(person);
    }

    /// <summary>Of the pairs of clear faces: how many grouped ones are of one person, and how many of one person are grouped.</summary>
    public (double Precision, double Recall) Score(IEnumerable<IReadOnlyList<int>> groups)
    {
        var (together, right) = (0L, 0L);
        foreach (var group in groups)
        {
            var clear = group.Where(face => People[face] >= 0).ToList();
            together += Pairs(clear.Count);
            right += clear.GroupBy(face => People[face]).Sum(person => Pairs(person.Count()));
        }

        var all = People.Where(person => person >= 0).GroupBy(person => person).Sum(person => Pairs(person.Count()));
        return (together == 0 ? 1 : right / (double)together, all == 0 ? 1 : right / (double)all);
    }

    /// <summary>A vector of length 1 in any direction of the first dimensions.</summary>
    public float[] Direction(int dimensions)
    {
        var vector = new float[Dimensions];
        for (var i = 0; i < dimensions; i++)
            vector[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return Scale(vector);
    }

    private static long Pairs(long count) => count * (count - 1) / 2;

    private static float[] Mix(float[] one, float share, float[] other) =>
        Scale([.. one.Zip(other, (x, y) => (share * x) + (MathF.Sqrt(1 - (share * share)) * y))]);

    private static float[] Scale(float[] vector)
    {
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }
}
