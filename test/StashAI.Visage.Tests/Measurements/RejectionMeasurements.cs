using System.Diagnostics;
using System.Globalization;
using StashAI.Testing.Faces;
using StashAI.Testing.Postgres;
using StashAI.Visage.Gallery;
using StashAI.Visage.Tests.Gallery.Stores;

namespace StashAI.Visage.Tests.Measurements;

/// <summary>What rejections cost in a gallery of 100,000 people, of whom each has one.</summary>
public sealed class RejectionMeasurements(PostgresFixture postgres)
{
    private const int People = 100_000;
    private const int Samples = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public Task Rejections_of_100_000_people_in_a_file() => MeasureAsync(new FileHost());

    [Fact(Explicit = true)]
    public Task Rejections_of_100_000_people_in_PostgreSQL() => MeasureAsync(new DatabaseHost(postgres));

    private static async Task MeasureAsync(GalleryHost host)
    {
        await using var held = host;
        var random = new Random(7);
        var ids = new List<Guid>();
        using (var gallery = await host.OpenAsync())
        {
            await gallery.CurrentAsync(Cancellation);
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < People; i++)
            {
                var face = new GalleryFace(Vector(random), 4, [0xFF], $"face {i}");
                ids.Add((await gallery.EnrolAsync(GalleryFaces.Named($"Person {i}"), [face], Cancellation)).Id);
            }

            Say($"{People:N0} people enrolled in {watch.Elapsed.TotalSeconds:0} s");
            await TimeAsync("search for one face, nobody rejected", i => Search(gallery, Vector(random), 0.45f));
            await TimeAsync("the same without a threshold", i => Search(gallery, Vector(random), -2));
            watch.Restart();
            for (var i = 0; i < People; i++) await gallery.RejectAsync(ids[i], [(Vector(random), $"rejected {i}")], Cancellation);
            Say($"one rejection for each in {watch.Elapsed.TotalSeconds:0} s");
        }

        var start = Stopwatch.StartNew();
        using var loaded = await host.OpenAsync();
        var people = await loaded.CurrentAsync(Cancellation);
        Say($"loaded in {start.Elapsed.TotalSeconds:0.0} s");
        await TimeAsync("search for one face, everybody has a rejection", i => Search(loaded, Vector(random), 0.45f));
        await TimeAsync("the same without a threshold", i => Search(loaded, Vector(random), -2));
        await TimeAsync("add a rejection", async i => await loaded.RejectAsync(ids[i], [(Vector(random), $"new {i}")], Cancellation));
        await TimeAsync("list a person's", async i => Assert.Equal(2, (await OfAsync(i)).Count));
        await TimeAsync("remove one", async i => await loaded.DeleteRejectionAsync(ids[i], (await OfAsync(i))[1].Id, Cancellation));
        await TimeAsync("enrol a rejected face", async i => await loaded.AddFacesAsync(
            ids[i], [new GalleryFace((await OfAsync(i))[0].Vector, 4, [0xFF], $"taken back {i}")], takesBack: true, Cancellation));

        Task<IReadOnlyList<Rejection>> OfAsync(int person) => loaded.RejectionsOfAsync(people.Find(ids[person])!, Cancellation);
    }

    private static Task Search(FaceGallery gallery, float[] face, float minCosine)
    {
        gallery.Known.Search([face], minCosine, 5);
        return Task.CompletedTask;
    }

    private static async Task TimeAsync(string name, Func<int, Task> action)
    {
        var times = new List<double>();
        for (var i = 0; i < Samples; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await action(i);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        Say($"{name}: p50 {times[Samples / 2]:0.0} ms, p99 {times[Samples * 99 / 100]:0.0} ms");
    }

    private static float[] Vector(Random random)
    {
        var vector = new float[512];
        for (var i = 0; i < vector.Length; i++) vector[i] = (float)(random.NextDouble() - 0.5);
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        for (var i = 0; i < vector.Length; i++) vector[i] /= length;
        return vector;
    }

    private static void Say(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
