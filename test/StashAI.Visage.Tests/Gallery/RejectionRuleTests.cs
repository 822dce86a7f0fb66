using StashAI.Testing.Postgres;
using StashAI.Visage.Gallery;
using StashAI.Visage.Tests.Gallery.Stores;

namespace StashAI.Visage.Tests.Gallery;

/// <summary>Whom a face matches, after any sequence of changes and over restarts, compared with a plain model of the rule.</summary>
public abstract class RejectionRuleTests(GalleryHost host) : IAsyncDisposable
{
    private const float Threshold = 0.45f;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public sealed class OnSqlite() : RejectionRuleTests(new FileHost());

    /// <summary>Two processes in turn: one changes, the other answers.</summary>
    public sealed class OnPostgres(PostgresFixture postgres) : RejectionRuleTests(new DatabaseHost(postgres));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_face_matches_whom_the_rule_says(int seed)
    {
        var random = new Random(seed);
        var model = new List<Known>();
        var galleries = new FaceGallery[host.Processes];
        for (var i = 0; i < galleries.Length; i++) galleries[i] = await OpenAsync();
        for (var step = 0; step < 120; step++)
        {
            var gallery = galleries[step % galleries.Length];
            var version = (await gallery.CurrentAsync(Cancellation)).Version;
            var isChanged = await ChangeAsync(gallery, model, random, step);
            gallery = galleries[(step + 1) % galleries.Length];
            var people = await gallery.CurrentAsync(Cancellation);
            Assert.True(isChanged ? people.Version > version : people.Version == version, $"step {step}");
            if (step % 40 == 39)
            {
                foreach (var old in galleries) old.Dispose();
                for (var i = 0; i < galleries.Length; i++) galleries[i] = await OpenAsync();
                people = galleries[0].Known;
            }

            List<float[]> faces =
            [
                Face(random), Face(random), .. model.SelectMany(person => person.Faces),
                .. model.SelectMany(person => person.Rejected.Select(rejected => rejected.Vector)),
            ];
            foreach (var (minCosine, results) in ((float, int)[])[(Threshold, 1000), (-2, 1000), (-2, 2)])
            {
                var found = people.Search(faces, minCosine, results);
                for (var i = 0; i < faces.Count; i++)
                    Assert.Equal(Expected(model, faces[i], minCosine, results), found[i].Select(match => match.Person.Id));
            }
        }

        foreach (var gallery in galleries) gallery.Dispose();
    }

    [Fact]
    public async Task What_is_rejected_for_a_person_says_nothing_about_others_and_is_no_hit()
    {
        using var gallery = await OpenAsync();
        var ann = await gallery.EnrolAsync(Named("Ann"), [Stored(Plane(0))], Cancellation);
        var bea = await gallery.EnrolAsync(Named("Bea"), [Stored(Plane(40))], Cancellation);
        await gallery.RejectAsync(ann.Id, [(Plane(20), "a")], Cancellation);

        // 20 degrees is the rejected face; 8 is closer to Ann's face, 12 closer to the rejected one.
        Assert.Equal([bea.Id], await MatchesAsync(gallery, Plane(20)));
        Assert.Equal([ann.Id, bea.Id], await MatchesAsync(gallery, Plane(8)));
        Assert.Equal([bea.Id], await MatchesAsync(gallery, Plane(12)));
        // In 16 bits, as results have it, it is the same face.
        Assert.Equal([bea.Id], await MatchesAsync(gallery, [.. Plane(20).Select(value => (float)(Half)value)]));
        // An enrolled face that was rejected is not of the person, and neither is what it is closest to.
        await gallery.RejectAsync(ann.Id, [(Plane(0), "b")], Cancellation);
        Assert.Equal([bea.Id], await MatchesAsync(gallery, Plane(0)));
    }

    [Fact]
    public async Task Enrolling_a_rejected_face_takes_the_rejection_back()
    {
        using var gallery = await OpenAsync();
        var ann = await gallery.EnrolAsync(Named("Ann"), [Stored(Plane(0))], Cancellation);
        await gallery.RejectAsync(ann.Id, [(Plane(20), "a"), (Plane(30), "b"), (Plane(20), "a")], Cancellation);
        Assert.Equal(["a", "b"], (await gallery.RejectionsOfAsync(ann, Cancellation)).Select(rejection => rejection.Source));

        await gallery.AddFacesAsync(ann.Id, [Stored(Plane(20))], takesBack: true, Cancellation);

        Assert.Equal(["b"], (await gallery.RejectionsOfAsync(ann, Cancellation)).Select(rejection => rejection.Source));
        Assert.Equal([ann.Id], await MatchesAsync(gallery, Plane(20)));
        Assert.Empty(await MatchesAsync(gallery, Plane(30)));
    }

    [Fact]
    public async Task A_face_that_is_moved_takes_back_what_was_rejected_for_the_one_who_gets_it()
    {
        using var gallery = await OpenAsync();
        var ann = await gallery.EnrolAsync(Named("Ann"), [Stored(Plane(0)), Stored(Plane(60))], Cancellation);
        var bea = await gallery.EnrolAsync(Named("Bea"), [Stored(Plane(120))], Cancellation);
        await gallery.RejectAsync(bea.Id, [(Plane(60), "ann's face"), (Plane(-30), "a stranger")], Cancellation);
        await gallery.RejectAsync(ann.Id, [(Plane(90), "a stranger")], Cancellation);
        var moved = (await gallery.FacesOfAsync(ann, Cancellation))[1].Id;

        await gallery.SplitAsync(ann.Id, [moved], bea.Id, null, Cancellation);

        Assert.Equal(["a stranger"], (await gallery.RejectionsOfAsync(bea, Cancellation)).Select(rejection => rejection.Source));
        Assert.Single(await gallery.RejectionsOfAsync(ann, Cancellation));
        Assert.Equal([bea.Id], await MatchesAsync(gallery, Plane(60)));
        Assert.Equal([ann.Id], await MatchesAsync(gallery, Plane(0)));
    }

    [Fact]
    public async Task People_who_are_merged_keep_the_rejections_of_all_except_of_faces_that_match_another_one()
    {
        using var gallery = await OpenAsync();
        var ann = await gallery.EnrolAsync(Named("Ann"), [Stored(Plane(0))], Cancellation);
        var anna = await gallery.EnrolAsync(Named("Anna"), [Stored(Plane(90))], Cancellation);
        await gallery.RejectAsync(ann.Id, [(Plane(80), "anna's face"), (Plane(-30), "a stranger"), (Plane(110), "neither")], Cancellation);
        await gallery.RejectAsync(anna.Id, [(Plane(110), "neither"), (Plane(150), "another stranger")], Cancellation);

        await gallery.MergeAsync(ann.Id, [anna.Id], Cancellation);

        Assert.Equal(
            ["a stranger", "another stranger", "neither"],
            (await gallery.RejectionsOfAsync(ann, Cancellation)).Select(rejection => rejection.Source).Order(StringComparer.Ordinal));
        Assert.Equal([ann.Id], await MatchesAsync(gallery, Plane(85)));
        Assert.Empty(await MatchesAsync(gallery, Plane(150)));
        Assert.True(await gallery.DeleteAsync(ann.Id, Cancellation));
        Assert.Empty(await gallery.RejectionsOfAsync(ann, Cancellation));
    }

    /// <summary>A random change of both; true if it changed anything.</summary>
    private static async Task<bool> ChangeAsync(FaceGallery gallery, List<Known> model, Random random, int step)
    {
        var one = model.Count == 0 ? null : model[random.Next(model.Count)];
        switch (one is null ? 0 : random.Next(9))
        {
            case 0:
                var (first, second) = (Face(random), Face(random));
                var person = await gallery.EnrolAsync(Named($"{step}"), [Stored(first), Stored(second)], Cancellation);
                model.Add(new Known(person.Id) { Faces = { first, second } });
                return true;
            case 1:
                var face = Face(random);
                await gallery.AddFacesAsync(one!.Id, [Stored(face)], takesBack: true, Cancellation);
                one.Faces.Add(face);
                return true;
            case 2 when one!.Rejected.Count > 0:
                var known = one.Rejected[random.Next(one.Rejected.Count)];
                await gallery.AddFacesAsync(one.Id, [Stored(known.Vector)], takesBack: true, Cancellation);
                if (!one.Faces.Any(enrolled => enrolled.AsSpan().SequenceEqual(known.Vector))) one.Faces.Add(known.Vector);
                one.Rejected.RemoveAll(rejected => Cosine(rejected.Vector, known.Vector) >= RejectedFaces.SameFace);
                return true;
            case 3 or 4 or 5:
                var vector = random.Next(3) == 0 && one!.Faces.Count > 0 ? one.Faces[random.Next(one.Faces.Count)] : Face(random);
                var rejections = await gallery.RejectAsync(one!.Id, [(vector, $"{step}")], Cancellation);
                one.Rejected.Add((rejections![0].Id, vector));
                return true;
            case 6 when one!.Rejected.Count > 0:
                var (id, _) = one.Rejected[random.Next(one.Rejected.Count)];
                Assert.NotNull(await gallery.DeleteRejectionAsync(one.Id, id, Cancellation));
                Assert.Null(await gallery.DeleteRejectionAsync(one.Id, id, Cancellation));
                one.Rejected.RemoveAll(rejected => rejected.Id == id);
                return true;
            case 7 when model.Count > 2:
                var other = model.First(candidate => candidate != one);
                List<Known> both = [one!, other];
                var kept = both.SelectMany(owner => owner.Rejected.Where(rejected => !both.Any(
                    candidate => candidate != owner && Matches(candidate, rejected.Vector, Threshold)))).ToList();
                await gallery.MergeAsync(one!.Id, [other.Id], Cancellation);
                one.Faces.AddRange(other.Faces.Where(
                    moved => !one.Faces.Any(enrolled => enrolled.AsSpan().SequenceEqual(moved))).ToList());
                one.Rejected.Clear();
                one.Rejected.AddRange(kept);
                model.Remove(other);
                return true;
            case 8 when model.Count > 4:
                await gallery.DeleteAsync(one!.Id, Cancellation);
                model.Remove(one);
                return true;
            default:
                return false;
        }
    }

    private static IEnumerable<Guid> Expected(List<Known> model, float[] face, float minCosine, int results) => model
        .Where(person => Matches(person, face, minCosine))
        .OrderByDescending(person => person.Faces.Max(enrolled => Cosine(enrolled, face)))
        .Take(results).Select(person => person.Id);

    private static bool Matches(Known person, float[] face, float minCosine)
    {
        var closest = person.Faces.Max(enrolled => Cosine(enrolled, face));
        return closest >= minCosine
            && person.Rejected.All(rejected => Cosine(rejected.Vector, face) + RejectedFaces.Tolerance < closest);
    }

    private static float Cosine(float[] first, float[] second) => System.Numerics.Tensors.TensorPrimitives.Dot<float>(first, second);

    private static async Task<IEnumerable<Guid>> MatchesAsync(FaceGallery gallery, float[] face) =>
        (await gallery.CurrentAsync(Cancellation)).Search([face], Threshold, 10)[0].Select(match => match.Person.Id);

    private static PersonDetails Named(string name) => new(name, null, null, null);

    private static GalleryFace Stored(float[] vector) => new(vector, 4, null, StashAI.Visage.Api.Enrolment.SourceOf(vector));

    /// <summary>A face in one plane, at an angle in degrees.</summary>
    private static float[] Plane(double degrees)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        return [(float)cosine, (float)sine, .. new float[510]];
    }

    /// <summary>Four dimensions, so that faces are often close.</summary>
    private static float[] Face(Random random)
    {
        float[] vector = [.. Enumerable.Range(0, 4).Select(_ => random.NextSingle() - 0.5f), .. new float[508]];
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    private async Task<FaceGallery> OpenAsync()
    {
        var gallery = await host.OpenAsync();
        await gallery.CurrentAsync(Cancellation);
        return gallery;
    }

    private sealed record Known(Guid Id)
    {
        public List<float[]> Faces { get; } = [];

        public List<(Guid Id, float[] Vector)> Rejected { get; } = [];
    }
}
