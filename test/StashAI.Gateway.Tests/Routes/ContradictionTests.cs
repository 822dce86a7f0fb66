using StashAI.Gateway.Tests.Services;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>
/// A value that a request holds in two places counts once, so two different values are refused by name. The same value twice is what some
/// clients send, and it passes.
/// </summary>
public sealed class ContradictionTests
{
    private const string Echo = """
        name: echo
        url: ${ECHO_URL}
        operations:
          say:
            item: {type: string}
            request: {path: /say, json: {text: "{{ item }}"}}
          look:
            item:
              type: object
              properties: {photo: {type: file}, user_id: {type: string, required: false}, type: {type: string, required: false}}
            request: {path: /look, multipart: {photo: {file: item.photo}}}
        """;

    private const string Photos = "\"images\":[\"eA==\"]";

    private const string Pair = "\"items\":[{\"person1\":\"Ann\",\"person2\":\"Bo\"}]";

    private const string Click = "\"items\":[{\"session_id\":\"s\",\"action_type\":\"a\"}]";

    private static readonly string[] Doors = ["visage/job", "visage/batch/identify"];

    /// <summary>Two values, where they stand, and the field that is refused.</summary>
    public static TheoryData<string, string, string> Different()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var field in (string[])["user_id", "session_id"])
        {
            foreach (var door in Doors) AddUser($"/api/{door}", Photos, field);
            AddUser("/api/visage/task", "\"image\":\"eA==\"", field);
            AddUser("/api/visage/batch/compare", Pair, field);
            AddUser("/api/echo/batch/say", "\"items\":[\"x\"]", field);
            AddUser("/api/interactions/job", Click, field);
            AddUser("/api/batch", "\"type\":\"echo.say\",\"items\":[\"x\"]", field);
            AddUser("/api/batch", "\"type\":\"visage.identify\",\"items\":[\"eA==\"]", field);
            AddUser("/api/batch", $"\"type\":\"interactions\",{Click}", field);
        }

        AddUser("/api/echo/batch/say", "\"items\":[\"x\"]", "job_name");
        AddUser("/api/visage/job", Photos, "entity_id");
        cases.Add(
            "/api/visage/job", "{" + Photos + ""","visage_api_url":"/a","config":{"visage_api_url":"/b"}}""", "config.visage_api_url");
        cases.Add(
            "/api/visage/job", "{" + Photos + ""","visage_api_url":"/a","config":{"service_config":{"api_endpoint":"/b"}}}""",
            "config.service_config.api_endpoint");
        cases.Add(
            "/api/visage/job", "{" + Photos + ""","config":{"additional_params":{"max_faces":1},"service_config":{"max_faces":2}}}""",
            "config.service_config.max_faces");
        cases.Add(
            "/api/visage/job",
            "{" + Photos + ""","additional_params":{"a":1},"config":{"additional_params":{"a":2}}}""",
            "additional_params");
        cases.Add("/api/visage/job", "{" + Photos + ""","image_id":"1","config":{"stash_image_id":"2"}}""", "image_id");
        cases.Add("/api/visage/job", """{"images":[{"image":"eA==","id":"1","item_id":"2"}]}""", "images[0].id");
        cases.Add("/api/echo/batch/say", """{"items":["x"],"api_url":"http://a/","echo_api_url":"http://b/"}""", "api_url");
        cases.Add("/api/echo/batch/say", """{"items":["x"],"api_url":"http://a/","config":{"api_url":"http://b/"}}""", "config.api_url");
        foreach (var word in (string[])["interactions", "visage", "echo.look", "say"])
        {
            cases.Add("/api/echo/batch/say", $$"""{"items":["x"],"type":"{{word}}"}""", "type");
        }

        cases.Add("/api/echo/batch/say", """{"items":["x"],"service_type":"visage"}""", "service_type");
        cases.Add("/api/interactions/job", "{" + Click + ""","type":"sessions"}""", "type");
        cases.Add("/api/visage/job", "{" + Photos + ""","type":"visage.compare"}""", "type");
        cases.Add("/api/visage/task", """{"image":"eA==","type":"echo"}""", "type");
        cases.Add("/api/visage/batch/compare", "{" + Pair + ""","type":"visage.identify"}""", "type");
        return cases;

        void AddUser(string path, string body, string field) =>
            cases.Add(path, $$$"""{{{{body}}},"{{{field}}}":"a","config":{"{{{field}}}":"b"}}""", field);
    }

    [Theory]
    [MemberData(nameof(Different))]
    public async Task Different_values_are_refused_by_name_and_the_same_pass(string path, string body, string field)
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        var problem = await host.Gateway.PostAsync(path, body, 422);

        var reason = problem.FirstError();
        Assert.Equal(field, reason.Text("field"));
        Assert.DoesNotContain(field, reason.Text("reason").Split(' ')[0], StringComparison.Ordinal);
        Assert.Equal(0, (await host.Gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
        if (body.Contains(":\"a\",\"config\":{", StringComparison.Ordinal))
        {
            await host.Gateway.PostAsync(path, body.Replace(":\"b\"", ":\"a\"", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/api/echo/batch/say", """{"items":["x"],"type":"echo.say","service_type":"echo"}""")]
    [InlineData("/api/echo/batch/say", """{"items":["x"],"type":"echo","user_id":"","config":{"user_id":"b"}}""")]
    [InlineData("/api/visage/job", """{"images":["eA=="],"type":"visage.identify","service_type":"visage"}""")]
    [InlineData("/api/interactions/job", """{"items":[{"session_id":"s","action_type":"a"}],"type":"interactions"}""")]
    [InlineData(
        "/api/echo/task?operation=look",
        """{"photo":"eA==","type":"a word of the item","user_id":"of the item","config":{"user_id":"b"}}""")]
    public async Task What_agrees_passes_and_fields_of_an_item_are_its_own(string path, string body)
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        await host.Gateway.PostAsync(path, body);
    }

    [Theory]
    [InlineData("""{"path":"/etc/hostname","url":"http://127.0.0.1/"}""", "url")]
    [InlineData("""{"path":"/etc/hostname","name":"x"}""", "name")]
    [InlineData("""{"url":"http://127.0.0.1/","name":"x"}""", "")]
    public async Task A_file_comes_from_one_place(string file, string other)
    {
        await using var host = await ServiceHost.StartAsync(Echo, new() { ["ALLOWED_FOLDERS"] = "/etc" });

        var problem = await host.Gateway.PostAsync("/api/echo/batch/look", $$$"""{"items":[{"photo":{{{file}}}}]}""", 422);

        Assert.Equal("items[0].photo", problem.FirstError().Text("field"));
        Assert.Contains(other, problem.FirstError().Text("reason"), StringComparison.Ordinal);
    }
}
