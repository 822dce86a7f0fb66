using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Tests.Live;
using StashAI.Gateway.Wire.Links;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>
/// A face service names pictures by its own address. Clients get links to the gateway, which they can reach, on every way out.
/// </summary>
public sealed class PictureTests
{
    private const string Person = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b";
    private const string Path = $"/api/gallery/people/{Person}/picture";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_way_out_has_a_link_that_shows_the_picture()
    {
        await using var gateway = await StartAsync();
        var answer = await gateway.PostAsync("/api/visage/task", $$"""{"image":"{{GatewayHost.Base64("x")}}"}""");
        var (job, task) = (answer.Text("job_id"), answer.Text("task_id"));
        await gateway.EndOfAsync(job);

        string[] ways =
        [
            $"/api/queue/job/{job}", $"/api/queue/task/{task}", $"/api/queue/status/{job}", $"/api/queue/status/{task}",
            $"/api/queue/job/{job}/results", $"/api/queue/job/{job}/results?format=ndjson", $"/api/visage/job/{job}/results",
            $"/api/visage/task/{task}/result",
        ];
        foreach (var way in ways) await AssertShowsAsync(gateway, await gateway.Http.GetStringAsync(way, Cancellation));

        using var client = await LiveClient.ConnectAsync(gateway);
        await client.FollowTaskAsync(task);
        await AssertShowsAsync(gateway, (await client.UntilAsync(message => message.Text("type") == "task_status")).GetRawText());
        using var events = await gateway.Http.GetAsync(
            $"/api/events?task_id={task}", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var lines = new StreamReader(await events.Content.ReadAsStreamAsync(Cancellation));
        var line = "";
        while (!line.Contains("output_json", StringComparison.Ordinal)) line = (await lines.ReadLineAsync(Cancellation))!;
        await AssertShowsAsync(gateway, line);
    }

    [Fact]
    public async Task An_answer_without_a_wait_and_one_in_direct_mode_have_it_too()
    {
        await using var gateway = await StartAsync(new() { ["QUEUE_ENABLED"] = "false" });

        var answer = await gateway.PostAsync("/api/visage/job", $$"""{"images":["{{GatewayHost.Base64("x")}}"]}""", 200);

        await AssertShowsAsync(gateway, answer.GetRawText());
    }

    [Fact]
    public async Task The_picture_of_a_service_that_the_job_named_comes_from_there_and_is_judged_like_its_calls()
    {
        await using var gateway = await StartAsync(new() { ["ALLOWED_UPSTREAMS"] = "127.0.0.1" });
        await using var other = await ScriptedService.StartAsync(Cancellation);
        other.Script = call => call.Path == Path
            ? Reply.Status(200, "a picture", contentType: "image/png")
            : Reply.Json($$"""{"data":[[{"performers":[{"image":"{{other.Url}}{{Path}}"}]}]]}""");

        var answer = await gateway.PostAsync(
            "/api/visage/task", $$"""{"image":"{{GatewayHost.Base64("x")}}","visage_api_url":"{{other.Url}}/api/predict_1"}""");
        var job = await gateway.EndOfAsync(answer.Text("job_id"));
        Assert.Equal(
            "a picture", await gateway.Http.GetStringAsync(ImageOf(job.GetProperty("tasks")[0].GetProperty("output_json")), Cancellation));

        Assert.All(other.Ledger.Calls, call => Assert.Null(call.Call!.Header("X-Visage-Secret")));

        var links = gateway.Services.GetRequiredService<ISigningKeys>();
        var token = new PictureToken("http://169.254.169.254", Guid.Parse(Person), int.MaxValue)
            .Sign(await links.ReadSigningKeyAsync("pictures", Cancellation));
        using var refused = await gateway.Http.GetAsync($"/api/visage/pictures/{token}", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
    }

    [Fact]
    public async Task A_socket_that_is_open_for_weeks_gets_links_that_are_good_when_they_arrive()
    {
        await using var gateway = await StartAsync();
        var answer = await gateway.PostAsync("/api/visage/task", $$"""{"image":"{{GatewayHost.Base64("x")}}"}""");
        await gateway.EndOfAsync(answer.Text("job_id"));
        var store = gateway.Services.GetRequiredService<IRead>();
        var job = (await store.FindJobAsync(Guid.Parse(answer.Text("job_id")), Cancellation))!;
        var task = (await store.ListTasksAsync(job.Key, 0, 1, withOutput: true, Cancellation)).Single();
        var (key, today) = (new byte[32], 20_000);
        var shown = new ShownResults(
            gateway.Services.GetRequiredService<IUpstreamResolver>(), "https://ai.example.org", key, () => today + 1);

        foreach (var day in (int[])[20_000, 20_000, 20_030])
        {
            today = day;
            using var output = JsonDocument.Parse(shown.Of(job, task).Output);
            var link = ImageOf(output.RootElement);
            Assert.Equal(day + 1, PictureToken.Read(link[(link.LastIndexOf('/') + 1)..], key)!.Value.LastDay);
        }
    }

    [Fact]
    public async Task Nothing_else_of_the_answer_changes()
    {
        await using var gateway = await StartAsync();
        var others =
            $$"""{ "data" : [[ {"image":"/9j/","name":"{{gateway.Visage.Url}}{{Path}}","performers":[{"image":"http://elsewhere:8000{{Path}}"}, {"image":"{{gateway.Visage.Url}}/api/gallery/export"},  {"image":"{{gateway.Visage.Url}}{{Path}}?x=1"}, {"image":"{{gateway.Visage.Url}}/api/gallery/people/../../export/picture"}]}]],"number":1.50e3}""";
        gateway.Visage.Script = _ => Reply.Json(others);

        var task = await gateway.RunOneAsync();

        Assert.Equal(others, task.GetProperty("output_json").GetRawText());
    }

    [Theory]
    [InlineData(@"\ud800/api/gallery/people/")]
    [InlineData(@"\udc00")]
    public async Task A_text_that_is_no_unicode_is_passed_on_and_its_neighbours_are_links(string image)
    {
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Json(
            $$"""{"data":[[{"image":"{{image}}","performers":[{"image":"{{gateway.Visage.Url}}{{Path}}"}]}]]}""");

        var task = await gateway.RunOneAsync();

        var output = task.GetProperty("output_json");
        Assert.Contains(image, output.GetRawText(), StringComparison.Ordinal);
        Assert.StartsWith($"{gateway.Url}/api/visage/pictures/", ImageOf(output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_confidence_beyond_all_numbers_is_passed_on_and_counted_nowhere()
    {
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Json(
            """{"data":[[{"performers":[{"name":"Ann","confidence":1e400},{"name":"Bob","confidence":70}]}]]}""");
        var task = await gateway.RunOneAsync();

        foreach (var way in (string[])[$"/api/visage/task/{task.Text("task_id")}/result", $"/api/visage/job/{task.Text("job_id")}/results"])
        {
            var text = (await gateway.GetAsync(way)).GetRawText();
            Assert.Contains("1e400", text, StringComparison.Ordinal);
            Assert.Contains("\"max_confidence\":70,", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_operator_says_where_browsers_reach_it()
    {
        await using var gateway = await StartAsync(new() { ["PUBLIC_URL"] = "https://ai.example.org/stash/" });

        var task = await gateway.RunOneAsync();

        Assert.StartsWith(
            "https://ai.example.org/stash/api/visage/pictures/", ImageOf(task.GetProperty("output_json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_results_need_a_key_the_link_alone_shows_the_picture_and_no_made_up_one_does()
    {
        await using var gateway = await StartAsync(
            new() { ["API_KEYS"] = "read:abcdefghijklmnopqrstuvwxyz0123456789,submit:zyxwvutsrqponmlkjihgfedcba9876543210" });
        gateway.Http.DefaultRequestHeaders.Add("X-API-Key", "zyxwvutsrqponmlkjihgfedcba9876543210");
        var link = ImageOf((await gateway.RunOneAsync()).GetProperty("output_json"));
        using var browser = new HttpClient();

        using var shown = await browser.GetAsync(link, Cancellation);
        Assert.Equal(
            (HttpStatusCode.OK, "image/jpeg", "a picture"),
            (shown.StatusCode, shown.Content.Headers.ContentType?.MediaType, await shown.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("nosniff", shown.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync($"{gateway.Url}/api/queue/jobs", Cancellation)).StatusCode);
        var random = new Random(7);
        var token = link[(link.LastIndexOf('/') + 1)..];
        for (var i = 0; i < 200; i++)
        {
            var at = random.Next(token.Length - 1);
            var other = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123456789"[random.Next(38)];
            if (token[at] == other) continue;
            using var refused = await browser.GetAsync(
                $"{gateway.Url}/api/visage/pictures/{token[..at]}{other}{token[(at + 1)..]}", Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
    }

    [Fact]
    public async Task What_is_no_picture_is_not_passed_on()
    {
        await using var gateway = await StartAsync();
        var link = ImageOf((await gateway.RunOneAsync()).GetProperty("output_json"));
        gateway.Visage.Script = _ => Reply.Status(200, "<script>", contentType: "text/html");

        using var answer = await gateway.Http.GetAsync(link, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static Task<GatewayHost> StartAsync(Dictionary<string, string?>? settings = null) => StartAsync(settings, "image/jpeg");

    private static async Task<GatewayHost> StartAsync(Dictionary<string, string?>? settings, string type)
    {
        var gateway = await GatewayHost.StartAsync(settings);
        gateway.Visage.Script = call => call.Path == Path
            ? Reply.Status(200, "a picture", contentType: type)
            : Reply.Json(
                $$"""{"data":[[{"image":"/9j/","confidence":0.99,"performers":[{"id":"{{Person}}","name":"Ann","image":"{{gateway.Visage.Url}}{{Path}}","confidence":87}]}]]}""");
        return gateway;
    }

    private static string ImageOf(JsonElement output) => output.GetProperty("data")[0][0].GetProperty("performers")[0].Text("image");

    private static async Task AssertShowsAsync(GatewayHost gateway, string text)
    {
        var start = text.IndexOf($"{gateway.Url}/api/visage/pictures/", StringComparison.Ordinal);
        Assert.True(start >= 0, text);
        Assert.DoesNotContain($"\"image\":\"{gateway.Visage.Url}{Path}\"", text, StringComparison.Ordinal);
        var link = text[start..text.IndexOf('"', start)];
        Assert.Equal("a picture", await gateway.Http.GetStringAsync(link, Cancellation));
    }
}
