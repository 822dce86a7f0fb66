using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Visage.Clustering;
using StashAI.Visage.Recognition;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Accuracy;

/// <summary>How well the service tells people apart. The tests print the figures of docs/faces.md.</summary>
public sealed class AccuracyTests(RealFiles files, LabelledPhotos photos) : IAsyncLifetime
{
    private VisageServer server = null!;

    public async ValueTask InitializeAsync()
    {
        photos.SkipIfMissing();
        server = await VisageServer.StartAsync(files);
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Two_photos_of_one_person_match_and_two_people_do_not()
    {
        var faces = await LabelledFaces.ReadAsync(server, photos);
        var genuine = faces.Pairs().Where(pair => pair.IsOnePerson).Select(pair => pair.Cosine).Order().ToList();
        var impostor = faces.Pairs().Where(pair => !pair.IsOnePerson).Select(pair => pair.Cosine).Order().ToList();
        var accepted = genuine.Count(cosine => cosine >= MatchConfidence.DefaultCosine);
        var wronglyAccepted = impostor.Count(cosine => cosine >= MatchConfidence.DefaultCosine);
        Say($"photos {faces.All.Count}, genuine pairs {genuine.Count}, impostor pairs {impostor.Count}");
        Say($"genuine cosine: mean {genuine.Average():0.000}, lowest {genuine[0]:0.000}, 1 % {genuine[genuine.Count / 100]:0.000}");
        Say($"impostor cosine: 99 % {impostor[impostor.Count * 99 / 100]:0.000}, highest {impostor[^1]:0.000}");
        Say($"true accepts at cosine {MatchConfidence.DefaultCosine}: {accepted}/{genuine.Count}");
        Say($"false accepts at cosine {MatchConfidence.DefaultCosine}: {wronglyAccepted}/{impostor.Count}");

        Assert.Equal((275, 1210), (genuine.Count, impostor.Count));
        Assert.Equal(0, wronglyAccepted);
        Assert.True(accepted >= 0.98 * genuine.Count, $"{accepted} of {genuine.Count} genuine pairs matched");
    }

    [Fact]
    public async Task One_photo_of_each_person_is_enough_to_name_all_others()
    {
        var faces = (await LabelledFaces.ReadAsync(server, photos)).All;
        int right = 0, all = 0;
        for (var probe = 0; probe < faces.Count; probe++)
        {
            for (var shot = 0; shot < 11; shot++)
            {
                // The photo with the index `shot` of each person is in the gallery; a photo is not compared with itself.
                var gallery = faces.GroupBy(face => face.Person).Select(person => person.ElementAt(shot)).ToList();
                if (gallery.Any(face => ReferenceEquals(face.Face, faces[probe].Face)))
                    continue;

                var best = gallery.MaxBy(
                    face => System.Numerics.Tensors.TensorPrimitives.Dot(face.Face.Embedding.Vector, faces[probe].Face.Embedding.Vector));
                all++;
                right += best.Person == faces[probe].Person ? 1 : 0;
            }
        }

        Say($"one-shot rank 1: {right}/{all}");
        Assert.Equal(550, all);
        Assert.True(right >= 0.99 * all, $"{right} of {all}");
    }

    [Fact]
    public async Task All_faces_of_a_group_are_found()
    {
        var answer = await server.PredictAsync(photos.GroupPhoto());
        var qualities = answer.Faces.Select(face => Answer.Number(face!["quality"])).ToList();
        Say($"bald_guys.jpg: {qualities.Count} faces, quality from {qualities.Min()} to {qualities.Max()}");
        Assert.Equal(24, answer.Faces.Count);
    }

    [Fact]
    public async Task A_group_of_four_people_with_six_faces_each_is_told_apart()
    {
        var answer = await server.PostAsync("/api/cluster", new { photos = new[] { Convert.ToBase64String(photos.GroupPhoto()) } });
        var sizes = answer["clusters"].AsArray().Select(cluster => cluster!["faces"]!.AsArray().Count).ToList();
        Say($"bald_guys.jpg: groups of {string.Join(", ", sizes)}");
        Assert.Equal([6, 6, 6, 6], sizes);
    }

    [Fact]
    public async Task The_faces_of_all_labelled_photos_are_grouped_by_person_and_dogs_join_nobody()
    {
        var gate = server.Services.GetRequiredService<WorkGate>();
        var known = await LabelledFaces.ReadAsync(server, photos);
        var faces = known.All.Select(face => (face.Person, face.Face)).ToList();
        var bald = (await gate.AnalyseAsync(photos.GroupPhoto(), TestContext.Current.CancellationToken)).Faces;
        faces.AddRange(bald.Select(face => ("bald", face)));
        foreach (var (name, file) in Enumerable.Range(1, 6).Select(i => ($"sample{i}", files.Sample(i)))
            .Append(("dogs", photos.DogPhoto())))
        {
            var found = (await gate.AnalyseAsync(file, TestContext.Current.CancellationToken)).Faces;
            faces.AddRange(found.Select((face, i) => (name == "dogs" ? name : $"{name} {i}", face)));
        }

        foreach (var limit in (float[])[MatchConfidence.DefaultCosine, MatchConfidence.LargeGalleryCosine])
        {
            var groups = FaceGrouping.Group(
                [.. faces.Select(face => face.Face.Embedding.Vector)], [.. faces.Select(face => face.Face.Embedding.Quality)], limit, 2,
                TestContext.Current.CancellationToken);
            var (together, right) = (0, 0);
            foreach (var group in groups.Select(group => group.Faces.Where(face => face < known.All.Count).ToList()))
            {
                together += group.Count * (group.Count - 1) / 2;
                right += group.GroupBy(face => faces[face].Person).Sum(person => person.Count() * (person.Count() - 1) / 2);
            }

            var sizes = string.Join(", ", groups.Select(group => group.Faces.Count));
            Say($"{faces.Count} faces, least mean cosine {limit}: groups of {sizes}");
            Say($"five people: precision {right / (double)together:0.000}, recall {right / 275.0:0.000}");
            Say($"quality: {Range("of the five people", known.All.Select(face => face.Face))}, {Range("bald", bald)}");
            Assert.Equal((275, 275), (right, together));
            Assert.All(groups, group => Assert.Single(group.Faces.Select(face => faces[face].Person.Split(' ')[0] is var name
                && name.StartsWith("sample", StringComparison.Ordinal) ? "sample" : name).Distinct()));
            var ofBald = groups.Select(group => group.Faces.Count(face => faces[face].Person == "bald")).Where(count => count > 0);
            Assert.Equal([6, 6, 6, 6], ofBald);
        }
    }

    [Fact]
    public async Task Dogs_and_empty_photos_match_nobody()
    {
        var photo = 0;
        foreach (var (person, shots) in photos.PeopleFolders())
        {
            var enrolled = await server.PostAsync(
                "/api/gallery/people",
                new { name = person, photos = new[] { Convert.ToBase64String(shots[0]) }, face = new { index = 0 } });
            Assert.Equal(201, enrolled.Status);
            photo++;
        }

        foreach (var file in new[] { photos.DogPhoto(), TestPictures.Landscape() })
        {
            var answer = await server.PredictAsync(file);
            var qualities = answer.Faces.Select(face => Answer.Number(face!["quality"]));
            Say($"not a person: {answer.Faces.Count} faces, quality {string.Join(", ", qualities)}");
            Assert.All(answer.Faces, face => Assert.Empty(face!["performers"]!.AsArray()));
        }

        Assert.Equal(5, photo);
    }

    private static string Range(string name, IEnumerable<DetectedFace> faces) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name} {faces.Min(face => face.Embedding.Quality):0.00} to {faces.Max(face => face.Embedding.Quality):0.00}");

    private static void Say(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
