using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using StashAI.Visage.Gallery;
using StashAI.Visage.Gallery.Sqlite;

namespace StashAI.Visage.Tests.Measurements;

/// <summary>What rejections cost in a gallery of 100,000 people, each with one face and one rejected face.</summary>
public sealed class RejectionMeasurements
{
    private const int People = 100_000;
    private const int Samples = 100;

    private readonly Random random = new(7);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Rejections_of_100_000_people()
    {
        using var folder = new TemporaryFolder();
        using (var empty = await OpenAsync(folder.Path)) await empty.CurrentAsync(Cancellation);
        Fill(Path.Combine(folder.Path, SqliteGalleryStore.FileName), "faces", "INSERT INTO faces VALUES (@i, @id, @i, 'a', @vector, 4, 0)");
        using (var without = await OpenAsync(folder.Path)) await SearchAsync(without, "nobody has a rejection");
        Fill(
            Path.Combine(folder.Path, SqliteGalleryStore.FileName), "rejections",
            "INSERT INTO rejections VALUES (@i, @id, @i, 'a', @vector, 0)");

        var start = Stopwatch.StartNew();
        using var gallery = await OpenAsync(folder.Path);
        var people = await gallery.CurrentAsync(Cancellation);
        Say($"{people.PeopleCount:N0} people, as many faces and as many rejections loaded in {start.Elapsed.TotalSeconds:0.0} s");
        await SearchAsync(gallery, "everybody has one");
        var ids = people.List(Samples, 50_000).Select(person => person.Id).ToList();
        await TimeAsync("add a rejection", async i => await gallery.RejectAsync(ids[i], [(Vector(), $"new {i}")], Cancellation));
        await TimeAsync("list those of a person", async i => Assert.Equal(2, (await OfAsync(i)).Count));
        await TimeAsync("remove one", async i => await gallery.DeleteRejectionAsync(ids[i], (await OfAsync(i))[1].Id, Cancellation));
        await TimeAsync("enrol a rejected face", async i => await gallery.AddFacesAsync(
            ids[i], [new GalleryFace((await OfAsync(i))[0].Vector, 4, [0xFF], $"taken back {i}")], takesBack: true, Cancellation));
        SqliteConnection.ClearAllPools();

        Task<IReadOnlyList<Rejection>> OfAsync(int person) => gallery.RejectionsOfAsync(people.Find(ids[person])!, Cancellation);
    }

    private static async Task<FaceGallery> OpenAsync(string folder)
    {
        var store = new SqliteGalleryStore(folder);
        await store.OpenAsync(Cancellation);
        return new(store, TimeProvider.System);
    }

    private void Fill(string file, string table, string insert)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        for (var i = 1; i <= People; i++)
        {
            var vector = MemoryMarshal.AsBytes(Vector().AsSpan()).ToArray();
            var row = new { i, id = Guid.NewGuid().ToString(), vector, name = $"P {i}" };
            if (table == "faces")
            {
                connection.Execute(
                    "INSERT INTO people VALUES (@i, @id, @name, @name, NULL, NULL, NULL, 0, 0)", row, transaction);
            }

            connection.Execute(insert, row, transaction);
        }

        transaction.Commit();
    }

    private async Task SearchAsync(FaceGallery gallery, string who)
    {
        var people = await gallery.CurrentAsync(Cancellation);
        await TimeAsync($"search for one face, {who}", _ => Task.FromResult(people.Search([Vector()], 0.45f, 5)));
        await TimeAsync($"the same without a threshold, {who}", _ => Task.FromResult(people.Search([Vector()], -2, 5)));
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
        Say($"{name}: least {times[0]:0.0} ms, p50 {times[Samples / 2]:0.0} ms, p99 {times[^2]:0.0} ms");
    }

    private float[] Vector()
    {
        var vector = new float[512];
        for (var i = 0; i < vector.Length; i++) vector[i] = random.NextSingle() - 0.5f;
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        for (var i = 0; i < vector.Length; i++) vector[i] /= length;
        return vector;
    }

    private static void Say(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
