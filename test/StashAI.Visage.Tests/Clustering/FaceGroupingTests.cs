using StashAI.Testing.Faces;
using StashAI.Visage.Clustering;

namespace StashAI.Visage.Tests.Clustering;

/// <summary>Faces grouped by person: exactly, without chains, and without unclear faces that join strangers.</summary>
public sealed class FaceGroupingTests
{
    private const float Limit = 0.45f;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Generated_sets_with_copies_are_grouped_as_by_joining_the_closest_two()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var set = new SyntheticFaces(seed);
            for (var person = 0; person < 12; person++) set.AddPerson(person, 1 + (person % 5));
            set.AddUnclear(seed % 7);
            set.AddChain(99, seed % 9);
            for (var copy = 0; copy < seed % 4; copy++) set.Add(set.People[0], set.Vectors[0], 4);

            var expected = NaiveLinkage.Group(set.Vectors, Limit);
            var actual = AverageLinkage.Group(new FaceMatrix(set.Vectors), Limit, cores: 1 + (seed % 3), Cancellation);

            Assert.Equal(NaiveLinkage.Sorted(expected), NaiveLinkage.Sorted(actual));
        }
    }

    [Fact]
    public void More_faces_than_fit_into_a_block_are_grouped_alike_on_any_number_of_cores()
    {
        var set = SyntheticFaces.Collection(900, 5);
        var expected = AverageLinkage.Group(new FaceMatrix(set.Vectors), Limit, cores: 1, Cancellation);

        Assert.Equal(
            NaiveLinkage.Sorted(expected),
            NaiveLinkage.Sorted(AverageLinkage.Group(new FaceMatrix(set.Vectors), Limit, cores: 4, Cancellation)));
        var (precision, recall) = set.Score(expected);
        Assert.InRange(precision, 0.99, 1);
        Assert.InRange(recall, 0.97, 1);
    }

    [Fact]
    public void Copies_of_one_photo_are_one_group()
    {
        var set = new SyntheticFaces(1);
        var face = set.Direction(512);
        for (var i = 0; i < 700; i++) set.Add(0, face, 4);

        var group = Assert.Single(FaceGrouping.Group(set.Vectors, set.Qualities, Limit, cores: 2, Cancellation));

        // Enrolling copies would find nobody else.
        Assert.Equal((700, 1), (group.Faces.Count, group.Best));
    }

    [Fact]
    public void A_chain_of_look_alikes_does_not_join_its_ends()
    {
        var set = new SyntheticFaces(2);
        set.AddChain(0, 60);

        var groups = FaceGrouping.Group(set.Vectors, set.Qualities, Limit, cores: 2, Cancellation);

        // Each face has a cosine of 0.87 to the next one.
        Assert.InRange(groups.Max(group => group.Faces.Count), 2, 6);
    }

    [Fact]
    public void Unclear_faces_join_no_two_people_and_make_no_group()
    {
        var set = new SyntheticFaces(3);
        for (var person = 0; person < 5; person++) set.AddPerson(person, 20);
        set.AddUnclear(200);

        var groups = FaceGrouping.Group(set.Vectors, set.Qualities, Limit, cores: 2, Cancellation);

        Assert.Equal([20, 20, 20, 20, 20], groups.Select(group => group.Faces.Count).Where(count => count > 1));
        Assert.All(groups.Take(5), group => Assert.Single(group.Faces.Select(face => set.People[face]).Distinct()));
        // If they counted as clear, they would be the largest group.
        var naive = FaceGrouping.Group(set.Vectors, [.. set.Qualities.Select(_ => 4f)], Limit, cores: 2, Cancellation);
        Assert.InRange(naive[0].Faces.Count, 150, 200);
    }

    [Fact]
    public void An_unclear_face_of_a_person_joins_the_group_and_is_not_enrolled()
    {
        var set = new SyntheticFaces(4);
        set.AddPerson(0, 30);
        set.AddPerson(1, 30);
        set.Add(0, set.Vectors[0], 1.9f);

        var groups = FaceGrouping.Group(set.Vectors, set.Qualities, Limit, cores: 2, Cancellation);

        Assert.Equal([31, 30], groups.Select(group => group.Faces.Count));
        Assert.Contains(60, groups[0].Faces);
        Assert.All(groups, group => Assert.InRange(group.Best, 2, FaceGrouping.MaxBest));
        Assert.DoesNotContain(60, groups[0].Faces.Take(groups[0].Best));
    }
}
