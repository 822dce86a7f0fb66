using StashAI.Adapters.Visage;
using StashAI.Gateway.Tests.Services;
using StashAI.Sdk;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>A job chooses a service and one of its operations, never a path of its own, and its items are not read from services.</summary>
public sealed class InstanceTests
{
    private const string Files = "name: echo\nurl: ${ECHO_URL}\naliases: [\"*:8610/v1/*\"]\noperations:\n"
        + "  go: {item: file, request: {path: /x, raw: {file: item}}}";

    private static readonly string Photo = GatewayHost.Base64("first");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/gallery/import")]
    [InlineData("/api/gallery/people")]
    [InlineData("/api/gallery/people/0/merge")]
    [InlineData("/api/cluster")]
    [InlineData("/api/%67allery/import")]
    [InlineData("/API/gallery/import")]
    [InlineData("/api/predict_1/../gallery/import")]
    [InlineData("/api/predict_1%2f..%2fgallery%2fimport")]
    [InlineData("/api/x/predict_1")]
    [InlineData("/api/sprite")]
    public async Task No_address_leads_to_another_route_of_the_face_service(string path)
    {
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOWED_UPSTREAMS"] = "127.0.0.1,localhost", ["TRUST_LAN"] = "true" });
        string[] origins =
            ["http://stash.lan:9997", gateway.Visage.Url, gateway.Visage.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)];
        foreach (var (route, body, field) in origins.SelectMany(origin => ((string, string, string)[])
        [
            ("/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"{{origin}}{{path}}"}""", "visage_api_url"),
            (
                "/api/visage/job",
                $$$$"""{"images":["{{{{Photo}}}}"],"config":{"service_config":{"api_endpoint":"{{{{origin}}}}{{{{path}}}}"}}}""",
                "config.service_config.api_endpoint"),
            (
                "/api/visage/batch/compare", $$"""{"items":[{"person1":"a","person2":"b"}],"visage_api_url":"{{origin}}{{path}}"}""",
                "visage_api_url"),
            (
                "/api/batch", $$"""{"type":"visage.identify","items":["{{Photo}}"],"visage_api_url":"{{origin}}{{path}}"}""",
                "visage_api_url"),
        ]))
        {
            var problem = await gateway.PostAsync(route, body, 422);
            Assert.Equal(field, problem.FirstError().Text("field"));
        }

        Assert.Equal(0, gateway.Visage.Ledger.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/api/predict_1")]
    [InlineData("/api/identify")]
    public async Task The_address_of_the_face_service_chooses_it_and_its_operation(string path)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image":"{{Photo}}","visage_api_url":"{{gateway.Visage.Url}}{{path}}"}""");

        Assert.Equal("completed", (await gateway.EndOfAsync(answer.Text("job_id"))).Text("status"));
        Assert.Equal(path.Length > 1 ? path : "/api/predict_1", Assert.Single(gateway.Visage.Ledger.Calls).Call!.Path);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9997/api/gallery/import")]
    [InlineData("http://127.0.0.1:9997/api/predict_1/x")]
    public async Task A_job_of_an_earlier_version_that_names_another_route_of_the_face_service_fails_before_it_calls(string upstream)
    {
        using var http = new HttpClient();
        foreach (var operation in (AdapterOperation[])[VisageAdapter.Identify, VisageAdapter.Compare])
        {
            var outcome = await new VisageAdapter().ExecuteAsync(
                new TaskContext
                {
                    TaskId = Guid.NewGuid(),
                    JobId = Guid.NewGuid(),
                    Ordinal = 0,
                    Attempt = 1,
                    TaskType = operation.TaskType,
                    Upstream = new Uri(upstream),
                    Input = default,
                    Config = default,
                    Payloads = [],
                    IsConfigured = true,
                    Http = http,
                },
                Cancellation);
            Assert.Equal(ErrorKind.OutboundRefused, Assert.IsType<TaskOutcome.Failed>(outcome).Kind);
        }
    }

    [Fact]
    public async Task Another_services_address_and_alias_are_not_a_services_to_choose()
    {
        await using var host = await ServiceHost.StartAsync(Files, new() { ["ALLOWED_UPSTREAMS"] = "127.0.0.1", ["TRUST_LAN"] = "true" });
        foreach (var url in (string[])[host.Gateway.Visage.Url + "/api/gallery", host.Gateway.Url + "/api/queue", host.Gateway.Url])
        {
            var problem = await host.Gateway.PostAsync("/api/echo/job", $$"""{"items":["{{Photo}}"],"api_url":"{{url}}"}""", 422);
            Assert.Equal("api_url", problem.FirstError().Text("field"));
        }

        // Its own path comes from the declaration, whatever the alias says.
        await host.RunAsync("/api/echo/job", $$"""{"items":["{{Photo}}"],"api_url":"http://stash.lan:8610/v1/admin/delete"}""");
        Assert.Equal("/x", Assert.Single(host.Calls).Path);
        Assert.Equal(0, host.Gateway.Visage.Ledger.Count);
    }

    [Fact]
    public async Task Items_are_not_read_from_services_and_not_from_this_server()
    {
        await using var host = await ServiceHost.StartAsync(
            Files, new() { ["ALLOWED_UPSTREAMS"] = "127.0.0.1,localhost", ["TRUST_LAN"] = "true" });
        await using var pictures = await ScriptedService.StartAsync(Cancellation);
        pictures.Script = _ => Reply.Status(200, "a picture", contentType: "image/png");
        var port = new Uri(host.Gateway.Visage.Url).Port;
        foreach (var url in (string[])[$"{host.Gateway.Visage.Url}/api/gallery/export", $"http://localhost:{port}/api/gallery/export",
            $"http://[::ffff:127.0.0.1]:{port}/", $"{host.Gateway.Url}/api/queue/jobs"])
        {
            var problem = await host.Gateway.PostAsync(
                "/api/echo/job", $$"""{"items":[{"url":"{{url}}"}],"api_url":"{{pictures.Url}}"}""", 422);
            Assert.Equal("items[0]", problem.FirstError().Text("field"));
            Assert.Contains("ALLOWED_FETCH_HOSTS", problem.Text("detail"), StringComparison.Ordinal);
            await host.Gateway.PostAsync(
                "/api/visage/batch/compare", $$$"""{"items":[{"person1":"a","image2":{"url":"{{{url}}}"}}]}""", 422);
        }

        // The service's own files are for the service itself, not for another instance.
        await host.Gateway.PostAsync(
            "/api/echo/job", $$"""{"items":[{"url":"{{host.Service.Url}}/a.png"}],"api_url":"{{pictures.Url}}"}""", 422);
        Assert.Equal(0, host.Gateway.Visage.Ledger.Count);
        Assert.Equal(0, host.Service.Ledger.Count);
        Assert.Equal(0, pictures.Ledger.Count);
        await host.RunAsync("/api/echo/job", $$"""{"items":[{"url":"{{pictures.Url}}/a.png"}]}""");
        Assert.Equal("a picture", Assert.Single(host.Calls).Text);
    }
}
