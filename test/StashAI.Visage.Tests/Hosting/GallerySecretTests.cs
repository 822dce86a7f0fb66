using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace StashAI.Visage.Tests.Hosting;

/// <summary>What the gallery says and changes needs the secret; what browsers on this machine call does not.</summary>
public sealed class GallerySecretTests(RealFiles files)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Every_route_of_the_gallery_is_refused_without_it(string? secret)
    {
        await using var server = await VisageServer.StartAsync(files);
        await server.EnrolVectorAsync("Ann", (0, 1));
        var id = await server.IdOfAsync("Ann");
        using var http = new HttpClient { BaseAddress = server.Client.BaseAddress };
        if (secret is not null) http.DefaultRequestHeaders.TryAddWithoutValidation("X-Visage-Secret", secret);
        var routes = server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith("/api/gallery", StringComparison.Ordinal)
                || route.RoutePattern.RawText == "/api/person_names")
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods, (route, method) => (route, method))
            .ToList();
        Assert.True(routes.Count >= 17, $"Only {routes.Count} routes were found.");

        foreach (var (route, method) in routes)
        {
            var path = route.RoutePattern.RawText!.Replace("{id:guid}", id, StringComparison.Ordinal)
                .Replace("{face:guid}", id, StringComparison.Ordinal).Replace("{rejection:guid}", id, StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await http.SendAsync(request, Cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path}: {answer.StatusCode}");
        }

        Assert.Equal(1, (await server.GetAsync("/api/gallery/people"))["total_count"].GetValue<int>());
    }

    [Fact]
    public async Task Identifying_and_comparing_need_none_and_the_pictures_of_answers_can_be_shown()
    {
        await using var server = await VisageServer.StartAsync(files);
        var photo = Convert.ToBase64String(files.Sample(1));
        Assert.Equal(201, (await server.EnrolAsync("Dee", files.Sample(1), 1580, 330)).Status);
        using var http = new HttpClient { BaseAddress = server.Client.BaseAddress };
        using var body = new StringContent($$"""{"image_data":"{{photo}}"}""", System.Text.Encoding.UTF8, "application/json");

        using var answer = await http.PostAsync("/api/predict_1", body, Cancellation);

        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        var image = System.Text.Json.Nodes.JsonNode.Parse(text)!["data"]![0]!.AsArray()
            .SelectMany(face => face!["performers"]!.AsArray()).First()!["image"]!.GetValue<string>();
        Assert.Equal("image/jpeg", (await http.GetAsync(image, Cancellation)).Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(image[..image.IndexOf('?')], Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(image + "x", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(image.Replace("/picture", "/faces"), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Processes_that_start_at_once_agree_on_one_file_which_only_its_user_can_read()
    {
        for (var round = 0; round < 50; round++)
        {
            using var folder = new TemporaryFolder();
            var path = Path.Combine(folder.Path, "visage", "visage.secret");
            using var start = new Barrier(8);

            var secrets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(Cancellation);
                    return StashAI.Hosting.Files.SecretFile.ReadOrCreate(path, "remove it.");
                },
                Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.Single(secrets.Distinct());
            Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task Lists_are_sorted_and_their_pages_meet()
    {
        await using var server = await VisageServer.StartAsync(files);
        string[] names = ["Cy", "ann", "Bo", "Åse", "Ann B", "dee"];
        foreach (var (index, name) in names.Index()) await server.EnrolVectorAsync(name, (index, 1));
        var bo = await server.IdOfAsync("Bo");
        await server.PostAsync($"/api/gallery/people/{bo}/merge", new { from = new[] { await server.IdOfAsync("dee") } });

        foreach (var (sort, wanted) in new (string, string[])[]
        {
            ("added", ["Cy", "ann", "Bo", "Åse", "Ann B"]), ("-added", ["Ann B", "Åse", "Bo", "ann", "Cy"]),
            ("name", ["ann", "Ann B", "Åse", "Bo", "Cy"]), ("-name", ["Cy", "Bo", "Åse", "Ann B", "ann"]),
            ("-faces", ["Bo", "Ann B", "Åse", "ann", "Cy"]),
        })
        {
            var found = new List<string>();
            for (string? after = ""; after is not null;)
            {
                var page = await server.GetAsync($"/api/gallery/people?limit=2&sort={sort}{(after == "" ? "" : $"&after={after}")}");
                found.AddRange(page["people"].AsArray().Select(person => person!["name"]!.GetValue<string>()));
                after = page["next_after"]?.GetValue<string>();
                Assert.InRange(found.Count, 1, names.Length);
            }

            Assert.Equal(wanted, found);
        }

        Assert.Equal(422, (await server.GetAsync("/api/gallery/people?sort=age")).Status);
        Assert.Equal(422, (await server.GetAsync("/api/gallery/people?sort=name&after=5")).Status);
        Assert.Equal(2, (await server.GetAsync("/api/gallery/people?search=ANN&limit=1"))["total_count"].GetValue<int>());
    }
}
