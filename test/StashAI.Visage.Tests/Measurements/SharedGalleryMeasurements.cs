using System.Diagnostics;
using System.Globalization;
using Npgsql;
using StashAI.Storage.Postgres.Database;
using StashAI.Testing.Postgres;
using StashAI.Visage.Tests.Gallery.Stores;

namespace StashAI.Visage.Tests.Measurements;

/// <summary>What a gallery of 100,000 people in PostgreSQL costs a process at its start, and for each request.</summary>
public sealed class SharedGalleryMeasurements(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task A_shared_gallery_of_100_000_people()
    {
        await using var host = new DatabaseHost(postgres);
        using (await host.OpenAsync())
            await FillAsync(await host.UrlAsync());

        var before = Process.GetCurrentProcess().WorkingSet64;
        var watch = Stopwatch.StartNew();
        using var gallery = await host.OpenAsync();
        var people = await gallery.CurrentAsync(Cancellation);
        Say($"{people.PeopleCount} people, {people.FacesCount} faces loaded in {watch.Elapsed.TotalSeconds:0.0} s");
        Say($"memory {(Process.GetCurrentProcess().WorkingSet64 - before) >> 20} MB more");

        watch.Restart();
        for (var i = 0; i < 1000; i++) await gallery.CurrentAsync(Cancellation);
        Say($"check of the version: {watch.Elapsed.TotalMilliseconds / 1000:0.00} ms");

        using var other = await host.OpenAsync();
        await other.CurrentAsync(Cancellation);
        double change = 0, seen = 0;
        for (var i = 0; i < 100; i++)
        {
            watch.Restart();
            await other.EnrolAsync(GalleryFaces.Named($"New {i}"), [GalleryFaces.Of(i)], Cancellation);
            change += watch.Elapsed.TotalMilliseconds;
            watch.Restart();
            Assert.NotNull((await gallery.CurrentAsync(Cancellation)).FindByName($"new {i}"));
            seen += watch.Elapsed.TotalMilliseconds;
        }

        Say($"enrolling {change / 100:0.0} ms, seeing it in another process {seen / 100:0.0} ms");
    }

    private static async Task FillAsync(string url)
    {
        await using var connection = new NpgsqlConnection(PostgresUrl.Parse(url).ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var fill = new NpgsqlCommand(
            """
            INSERT INTO visage_people (id, name, name_key, created_at, updated_at, version, replaced, rejected)
                SELECT gen_random_uuid(), 'Person ' || n, 'PERSON ' || n, 0, 0, 2, 0, 0 FROM generate_series(1, 100000) AS n;
            INSERT INTO visage_faces (id, person_key, source, embedding, quality, created_at, version)
                SELECT gen_random_uuid(), key, 'made', decode(repeat(md5(name), 128), 'hex'), 3, 0, 2 FROM visage_people;
            UPDATE visage_gallery SET version = 2;
            ANALYZE visage_people, visage_faces
            """,
            connection)
        {
            CommandTimeout = 300,
        };
        await fill.ExecuteNonQueryAsync(Cancellation);
    }

    private static void Say(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
