using StashAI.Visage.Clustering;

namespace StashAI.Visage.Tests.Clustering;

public sealed class ClusterTests(RealFiles files)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_groups_equal_those_of_repeatedly_joining_the_closest_two()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var vectors = Enumerable.Range(0, 40).Select(_ => Direction(random)).ToList();
            var expected = NaiveLinkage.Group(vectors, 0.3f);
            var actual = AverageLinkage.Group(new FaceMatrix(vectors), 0.3f, cores: 1 + (seed % 3), Cancellation);
            Assert.Equal(NaiveLinkage.Sorted(expected), NaiveLinkage.Sorted(actual));
        }
    }

    [Fact]
    public void No_faces_give_no_groups() => Assert.Empty(FaceGrouping.Group([], [], 0.4f, cores: 2, Cancellation));

    [Fact]
    public async Task People_are_grouped_over_photos_and_can_be_named_afterwards()
    {
        await using var server = await VisageServer.StartAsync(files);
        var photos = new[] { Convert.ToBase64String(files.Sample(1)), Convert.ToBase64String(files.Sample(3)) };
        var answer = await server.PostAsync("/api/cluster", new { photos });

        Assert.Equal((200, 6, 2), (answer.Status, answer["faces"].GetValue<int>(), answer["photos"].GetValue<int>()));
        var woman = answer["clusters"][0]!;
        Assert.Equal("""["0","1"]""", woman["photos"]!.ToJsonString());
        Assert.Equal(5, answer["clusters"].AsArray().Count);
        Assert.Contains(answer["together"].AsArray(), pair => pair!["first"]!.GetValue<int>() == 0);

        var face = woman["faces"]![0]!;
        var named = await server.PostAsync(
            "/api/gallery/people", new { name = "Ada", faces = new[] { new { embedding = face["embedding"], image = face["image"] } } });
        Assert.Equal(201, named.Status);
        var faces = answer["clusters"].AsArray().SelectMany(cluster => cluster!["faces"]!.AsArray())
            .Select(found => new { embedding = found!["embedding"], photo = found["photo"] });
        var again = await server.PostAsync("/api/cluster", new { faces });
        Assert.Equal("Ada", again["clusters"][0]!["performer"]!["name"]!.GetValue<string>());
        Assert.Equal("photos", (await server.PostAsync("/api/cluster", new { }))["field"].GetValue<string>());
    }

    private static float[] Direction(Random random)
    {
        var vector = Enumerable.Range(0, 6).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }
}
