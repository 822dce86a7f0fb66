using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>An idempotency key stands for one request: all that decides what a request means tells it from another.</summary>
public sealed class IdempotencyDigestTests
{
    private const string Yaml = """
        name: two
        url: ${ECHO_URL}
        config: {a: string, b: string}
        operations:
          run: {item: {properties: {front: {type: file, required: false}, back: {type: file, required: false}, title: {type: string, required: false}}}, request: {path: /x, json: {q: "{{ item.title }}"}}}
          any: {item: any, request: {path: /x, json: {q: "{{ item }}"}}}
          text: {item: string, request: {path: /x, json: {q: "{{ item }}"}}}
        """;

    private static readonly Part[] Base =
    [
        new("a", "1"), new("title", "t"), new("front", "ab", "x.png", "image/png"), new("title", "u"),
        new("back", "c", "y.png", "image/png"), new("b", "2"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forms_that_differ_in_one_thing_are_two_requests()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var number = 0;
        foreach (var (what, changed) in Changes())
        {
            var key = $"k{number++.ToString(CultureInfo.InvariantCulture)}";
            var first = await SendAsync(host, "/api/two/batch/run", Form(Base), key);
            var again = await SendAsync(host, "/api/two/batch/run", Form(Base), key);
            var other = await SendAsync(host, "/api/two/batch/run", Form(changed), key);

            Assert.True(first.Job is not null && first.Job == again.Job && again.IsReplayed, $"{what}: {first} {again}");
            Assert.True(other.Status == 422, $"{what}: {other}");
        }
    }

    /// <summary>Requests that differ in one thing each: route, query, headers, type, body.</summary>
    public static TheoryData<string, string, string, string, string, string> Pairs { get; } = new()
    {
        { "/api/two/batch/text", "application/x-ndjson", "\"x\"", "/api/two/batch/text?a=1", "application/x-ndjson", "\"x\"" },
        { "/api/two/batch/text?a=1", "application/x-ndjson", "\"x\"", "/api/two/batch/text?b=1", "application/x-ndjson", "\"x\"" },
        {
            "/api/two/batch/any", "application/x-ndjson", "{\"items\":[\"x\"]}", "/api/two/batch/any", "application/json",
            "{\"items\":[\"x\"]}"
        },
        { "/api/two/batch/text", "application/x-ndjson", "\"x\"\n\"y\"", "/api/two/batch/text", "application/x-ndjson", "\"x\\n\\\"y\"" },
        {
            "/api/two/batch/text", "application/json", "{\"items\":[\"x\"]}", "/api/two/batch?operation=text", "application/json",
            "{\"items\":[\"x\"]}"
        },
        {
            "/api/two/batch/text", "application/json", "{\"items\":[\"x\"]}", "/api/two/batch/text?dialect=plugin", "application/json",
            "{\"items\":[\"x\"]}"
        },
        {
            "/api/two/batch/text", "application/json", "{\"items\":[\"x\"]}", "/api/two/batch/text", "application/json",
            "{\"items\":[\"x\"],\"config\":{\"a\":\"1\"}}"
        },
        {
            "/api/batch", "application/json", "{\"type\":\"two.text\",\"items\":[\"x\"]}", "/api/batch", "application/json",
            "{\"type\":\"two.text\",\"items\":[\"y\"]}"
        },
        {
            "/api/batch", "application/json", "{\"type\":\"two.text\",\"items\":[\"x\"]}", "/api/batch?dialect=plugin", "application/json",
            "{\"type\":\"two.text\",\"items\":[\"x\"]}"
        },
        {
            "/api/visage/job", "application/json", "{\"images\":[\"eA==\"]}", "/api/visage/job", "application/json",
            "{\"images\":[\"eQ==\"]}"
        },
        {
            "/api/visage/job", "application/json", "{\"images\":[\"eA==\"]}", "/api/visage/job?dialect=plugin", "application/json",
            "{\"images\":[\"eA==\"]}"
        },
        {
            "/api/visage/job", "application/json", "{\"images\":[\"eA==\"]}", "/api/visage/batch/identify", "application/json",
            "{\"images\":[\"eA==\"]}"
        },
        {
            "/api/visage/batch/compare", "application/json", "{\"items\":[{\"image1\":\"eA==\",\"image2\":\"eQ==\"}]}",
            "/api/visage/batch/compare", "application/json", "{\"items\":[{\"image1\":\"eQ==\",\"image2\":\"eA==\"}]}"
        },
        {
            "/api/visage/batch/one-to-many", "application/json", "{\"items\":[\"eA==\"],\"target\":\"eQ==\"}",
            "/api/visage/batch/one-to-many", "application/json", "{\"items\":[\"eA==\"],\"target\":\"eg==\"}"
        },
        {
            "/api/demo/visage/job", "application/json", "{\"demo_task_count\":1}", "/api/demo/visage/job", "application/json",
            "{\"demo_task_count\":2}"
        },
        {
            "/api/demo/visage/job", "application/json", "{\"demo_task_count\":1}", "/api/demo/visage/task", "application/json",
            "{\"demo_task_count\":1}"
        },
        {
            "/api/interactions", "application/json", "{\"session_id\":\"s\",\"action_type\":\"a\"}", "/api/interactions",
            "application/json", "[{\"session_id\":\"s\",\"action_type\":\"a\"}]"
        },
        {
            "/api/interactions", "application/json", "[{\"session_id\":\"s\",\"action_type\":\"a\"}]", "/api/interactions",
            "application/json", "{\"session_id\":\"s\",\"action_type\":\"a\"}"
        },
        {
            "/api/interactions", "application/json", "{\"session_id\":\"s\",\"action_type\":\"a\"}", "/api/interactions",
            "application/json", "{\"session_id\":\"s\",\"action_type\":\"a\",\"metadata\":{\"x\":1}}"
        },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Requests_that_differ_in_one_thing_are_two_requests(
        string path, string type, string body, string otherPath, string otherType, string otherBody)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);

        var first = await SendAsync(host, path, Body(type, body), "k");
        var again = await SendAsync(host, path, Body(type, body), "k");
        var other = await SendAsync(host, otherPath, Body(otherType, otherBody), "k");

        Assert.True(first.Job is not null && first.Job == again.Job && again.IsReplayed, $"{first} {again}");
        Assert.True(other.Status == 422, other.ToString());
    }

    [Fact]
    public async Task How_long_a_client_waits_is_no_other_request()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);

        var first = await SendAsync(host, "/api/two/batch/text", Body("application/json", "{\"items\":[\"x\"]}"), "k");
        var again = await SendAsync(
            host, "/api/two/batch/text", Body("application/json", "{\"items\":[\"x\"]}"), "k", ("Prefer", "wait=20"));
        var other = await SendAsync(
            host, "/api/two/batch/text", Body("application/json", "{\"items\":[\"x\"]}"), "k", ("StashAI-Dialect", "plugin"));

        Assert.Equal(first.Job, again.Job);
        Assert.Equal(422, other.Status);
    }

    /// <summary>
    /// The base with one thing changed: each field of each part, each part gone, twice or elsewhere, and bytes across a border.
    /// </summary>
    private static IEnumerable<(string What, Part[] Parts)> Changes()
    {
        for (var i = 0; i < Base.Length; i++)
        {
            var part = Base[i];
            yield return ($"text of part {i}", With(i, part with { Text = part.Text + "x" }));
            yield return ($"part {i} left out", [.. Base[..i], .. Base[(i + 1)..]]);
            yield return ($"part {i} twice", [.. Base[..i], part, .. Base[i..]]);
            if (part.FileName is null)
            {
                if (part.Name is "a" or "b")
                {
                    yield return ($"name of part {i}", With(i, part with { Name = part.Name == "a" ? "job_name" : "user_id" }));
                }

                continue;
            }

            yield return ($"name of part {i}", With(i, part with { Name = part.Name == "front" ? "back" : "front" }));
            yield return ($"file name of part {i}", With(i, part with { FileName = "z.png" }));
            yield return ($"type of part {i}", With(i, part with { Type = "image/gif" }));
            yield return ($"no type of part {i}", With(i, part with { Type = null }));
        }

        yield return ("bytes across a border", [.. Base[..2], Base[2] with { Text = "a" }, Base[3], Base[4] with { Text = "bc" }, Base[5]]);
        yield return ("the order of the files", [.. Base[..2], Base[4], Base[3], Base[2], Base[5]]);
        yield return ("configuration behind the files", [.. Base[1..], Base[0]]);
        yield return ("priority", [.. Base, new Part("priority", "9")]);
    }

    private static Part[] With(int index, Part part) => [.. Base[..index], part, .. Base[(index + 1)..]];

    private static MultipartFormDataContent Form(Part[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var part in parts)
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(part.Text));
            if (part.Type is not null) content.Headers.ContentType = new MediaTypeHeaderValue(part.Type);
            if (part.FileName is null) form.Add(content, part.Name);
            else form.Add(content, part.Name, part.FileName);
        }

        return form;
    }

    private static StringContent Body(string type, string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue(type));

    private static async Task<Answer> SendAsync(
        ServiceHost host, string path, HttpContent content, string key, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("Idempotency-Key", key);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await host.Gateway.Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        var job = root.TryGetProperty("job_id", out var id) || root.TryGetProperty("task_id", out id)
            || root.TryGetProperty("task_ids", out id)
            ? id.GetRawText()
            : null;
        return new Answer((int)response.StatusCode, job, response.Headers.Contains("Idempotency-Replayed"), text);
    }

    private sealed record Part(string Name, string Text, string? FileName = null, string? Type = null);

    private sealed record Answer(int Status, string? Job, bool IsReplayed, string Text);
}
