using System.Net;
using StashAI.Testing.Postgres;
using StashAI.Visage.Gallery;
using StashAI.Visage.Gallery.Sqlite;

namespace StashAI.Visage.Tests.Gallery.Stores;

/// <summary>Services that share a gallery, and what they say while its database is away.</summary>
public sealed class SharedServiceTests(RealFiles files, PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_picture_that_one_service_signed_is_shown_by_the_other()
    {
        await using var host = new DatabaseHost(postgres);
        await using var first = await StartAsync(await host.UrlAsync());
        await using var second = await StartAsync(await host.UrlAsync());
        // The services have secrets of their own, as on two machines.
        Assert.NotEqual(File.ReadAllText(first.SecretPath), File.ReadAllText(second.SecretPath));
        Assert.Equal(201, (await first.EnrolAsync("Ada", files.Sample(1), 1580, 330)).Status);

        var answer = await second.PredictAsync(files.Sample(1));

        var picture = new Uri(answer.FaceAt(1580, 330)["performers"]![0]!["image"]!.GetValue<string>());
        using var stranger = new HttpClient();
        foreach (var service in new[] { first, second })
        {
            using var shown = await stranger.GetAsync(new Uri(service.Client.BaseAddress!, picture.PathAndQuery), Cancellation);
            Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (shown.StatusCode, shown.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task Exports_of_services_that_share_a_gallery_are_equal()
    {
        await using var host = new DatabaseHost(postgres);
        await using var first = await StartAsync(await host.UrlAsync());
        await using var second = await StartAsync(await host.UrlAsync());
        await first.EnrolVectorAsync("Ada", (1, 1));
        await second.EnrolVectorAsync("Bob", (2, 1));
        await second.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{await first.IdOfAsync("Ada")}");
        await first.EnrolVectorAsync("Ada", (3, 1));

        var exports = new List<string>();
        foreach (var service in new[] { first, second })
            exports.Add(await service.Client.GetStringAsync(new Uri("/api/gallery/export", UriKind.Relative), Cancellation));

        Assert.Equal(exports[0], exports[1]);
        Assert.Equal(2, exports[0].Count(letter => letter == '\n'));
        Assert.Equal("Ada", (await second.GetAsync("/api/gallery/people?search=ada"))["people"][0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task While_the_database_is_away_the_service_says_so_and_works_again_when_it_is_back()
    {
        var installation = PostgresInstallation.Find();
        Assert.SkipUnless(installation is not null, "PostgreSQL is not installed: on Debian and Ubuntu ./test.sh installs it.");
        await using var cluster = await PrivatePostgres.StartAsync(installation, Cancellation);
        var url = (await cluster.CreateDatabaseAsync(Cancellation)).Url;
        await using var service = await StartAsync(url);
        await service.EnrolVectorAsync("Ada", (1, 1));
        // As many idle connections as a busy service has; all of them will be dead.
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => service.GetAsync("/api/person_names")));

        await cluster.CrashAsync();
        foreach (var call in new Func<Task<Answer>>[]
        {
            () => service.GetAsync("/api/person_names"), () => service.PredictAsync(files.Sample(1)),
            () => service.PostAsync("/api/rematch", new { photos = Array.Empty<object>() }),
            () => service.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{Guid.NewGuid()}"),
            () => service.GetAsync("/api/gallery/export"),
        })
        {
            var refused = await call();
            Assert.Equal(503, refused.Status);
            Assert.Contains("database", refused.Detail, StringComparison.Ordinal);
        }

        using (var health = await service.Client.GetAsync(new Uri("/health", UriKind.Relative), Cancellation))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (health.StatusCode, health.Headers.RetryAfter is not null));
            Assert.Contains("cannot be reached", await health.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        await cluster.StartAgainAsync(Cancellation);

        Assert.Equal("healthy", (await service.GetAsync("/health"))["status"].GetValue<string>());
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => service.GetAsync("/api/person_names")));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        await service.EnrolVectorAsync("Bob", (2, 1));

        // A restart that nobody noticed has ended the idle connections.
        await cluster.CrashAndRestartAsync(Cancellation);
        Assert.Equal(200, (await service.GetAsync("/api/person_names")).Status);
        await service.EnrolVectorAsync("Cy", (3, 1));
    }

    [Fact]
    public async Task The_people_of_a_file_are_taken_over_once()
    {
        await using var host = new DatabaseHost(postgres);
        using var folder = new TemporaryFolder();
        Guid ada, face;
        long version;
        using (var file = new FaceGallery(await OpenFileAsync(folder), TimeProvider.System))
        {
            ada = (await file.EnrolAsync(new("Ada", "CZ", null, null), [GalleryFaces.Of(1), GalleryFaces.Of(2)], Cancellation)).Id;
            await file.EnrolAsync(GalleryFaces.Named("Bob"), [GalleryFaces.Of(3)], Cancellation);
            face = (await file.FacesOfAsync(file.Known.Find(ada)!, Cancellation))[1].Id;
            version = file.Version;
        }

        // Two services that share the folder as well start at once.
        var url = await host.UrlAsync();
        var services = await Task.WhenAll(StartAsync(url, folder.Path), StartAsync(url, folder.Path));
        await using var first = services[0];
        await using var second = services[1];

        var people = await second.GetAsync("/api/gallery/people");
        Assert.Equal(["Ada", "Bob"], people["people"].AsArray().Select(person => person!["name"]!.GetValue<string>()));
        Assert.Equal(ada, people["people"][0]!["id"]!.GetValue<Guid>());
        var faces = await first.GetAsync($"/api/gallery/people/{ada}/faces");
        Assert.Equal(face, faces["faces"][1]!["id"]!.GetValue<Guid>());
        using var picture = await first.Client.GetAsync(
            new Uri($"/api/gallery/people/{ada}/faces/{face}/picture", UriKind.Relative), Cancellation);
        Assert.Equal([0xFF, 0xD8, 2], await picture.Content.ReadAsByteArrayAsync(Cancellation));
        using (var gallery = await host.OpenAsync())
            Assert.True((await gallery.CurrentAsync(Cancellation)).Version > version);

        // Whoever was deleted does not come back from the file.
        Assert.Equal(204, (await first.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{ada}")).Status);
        await second.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{await first.IdOfAsync("Bob")}");
        await using var third = await StartAsync(url, folder.Path);
        Assert.Empty((await third.GetAsync("/api/gallery/people"))["people"].AsArray());
        Assert.True(File.Exists(Path.Combine(folder.Path, SqliteGalleryStore.FileName)));
    }

    [Fact]
    public async Task A_gallery_shares_a_database_with_a_queue_and_names_of_tables_do_not_meet()
    {
        await using var host = new DatabaseHost(postgres);
        await using (var service = await StartAsync(await host.UrlAsync()))
        {
            await service.EnrolVectorAsync("Ada", (1, 1));
            await using var queue = await Storage.Postgres.PostgresStore.OpenAsync(
                new Storage.Postgres.Database.PostgresSettings { Url = await host.UrlAsync() }, Cancellation);
        }

        // The other order, in a schema of its own.
        var url = (await postgres.CreateDatabaseAsync(Cancellation)).Url;
        await using var again = await Storage.Postgres.PostgresStore.OpenAsync(
            new Storage.Postgres.Database.PostgresSettings { Url = url }, Cancellation);
        await using (var connection = new Npgsql.NpgsqlConnection(Storage.Postgres.Database.PostgresUrl.Parse(url).ConnectionString))
        {
            await connection.OpenAsync(Cancellation);
            await using var create = new Npgsql.NpgsqlCommand("CREATE SCHEMA faces", connection);
            await create.ExecuteNonQueryAsync(Cancellation);
        }

        await using var inPublic = await StartAsync(url);
        await using var inFaces = await StartAsync($"{url}?search_path=faces");
        await inPublic.EnrolVectorAsync("Ada", (1, 1));
        Assert.Empty((await inFaces.GetAsync("/api/gallery/people"))["people"].AsArray());
    }

    private static async Task<SqliteGalleryStore> OpenFileAsync(TemporaryFolder folder)
    {
        var store = new SqliteGalleryStore(folder.Path);
        await store.OpenAsync(Cancellation);
        return store;
    }

    private Task<VisageServer> StartAsync(string url, string? folder = null) => VisageServer.StartAsync(
        files, options => options with { Database = DatabaseHost.Database(url), DataDirectory = folder ?? options.DataDirectory });
}
