using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Tasks;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>
/// Items around the size from which they are kept with the payloads: what is shown, found and sent is the same on both sides.
/// </summary>
public sealed class LargeItemTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        operations:
          go:
            item: {properties: {id: {type: any, required: false}, text: string, more: {type: any, required: false}}}
            request: {path: /x, json: {again: "{{ item.text }}", text: "{{ item.text }}", more: "{{ item.more }}"}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Items whose JSON has from one byte less to one byte more than fits into a row, and some far from it.</summary>
    public static TheoryData<int, int> Items { get; } = Generated();

    [Theory]
    [MemberData(nameof(Items))]
    public async Task An_item_of_any_size_is_shown_found_and_sent_as_it_was_given(int size, int seed)
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        var gateway = host.Gateway;
        host.Service.Script = _ => Reply.Status(400, """{"error":"no"}""");
        var item = Item(size, seed);
        var body = new JsonObject { ["items"] = new JsonArray(item.DeepClone()) };

        var job = await host.RunAsync("/api/echo/job", body.ToJsonString());

        var jobId = job.Text("job_id");
        var taskId = job.GetProperty("tasks")[0].Text("task_id");
        await CheckAsync(item, jobId, taskId);
        CheckCall(item, host.Calls[0]);

        async Task CheckAsync(JsonObject expected, string ofJob, string ofTask)
        {
            foreach (var path in (string[])[$"/api/tasks/{ofTask}", $"/api/tasks/{ofTask}?inputs=full", $"/api/queue/task/{ofTask}"])
            {
                var task = await gateway.GetAsync(path);
                Equal(expected, task.GetProperty("input_data").GetProperty("item"));
                Assert.Equal(expected["id"]?.ToJsonString(), task.TryGetProperty("item_id", out var id) ? id.GetRawText() : null);
            }

            var full = (await gateway.GetAsync($"/api/queue/job/{ofJob}?inputs=full")).GetProperty("tasks")[0];
            Equal(expected, full.GetProperty("input_data").GetProperty("item"));
            var found = await gateway.GetAsync($"/api/jobs/{ofJob}/tasks?text=START");
            Assert.Equal(ofTask, Assert.Single(found.GetProperty("data").EnumerateArray()).Text("id"));
        }
    }

    [Theory]
    [InlineData(LargeInput.MaxRowBytes + 1)]
    [InlineData(1_000_000)]
    public async Task Large_items_are_retried_edited_run_again_and_removed_as_small_ones_are(int size)
    {
        GatewayHost.SkipInDirectMode();
        var small = await LargeItemStory.TellAsync(LargeInput.MaxRowBytes);

        var large = await LargeItemStory.TellAsync(size);

        Assert.Equal(small, large);
        Assert.Equal(
            [
                "[first a] [first b] [first c]", "[first a]", "[first a] [first b]", "[second a]", "[third a]",
                "[third a] [first b] [first c]", "[first c]", "", "[third a] [first b] [first c]", "",
            ],
            large.Where(line => line.Contains(", calls:", StringComparison.Ordinal)).Select(Names));
        Assert.Contains(
            large, line => line.StartsWith("one was edited twice, /api/tasks/", StringComparison.Ordinal)
                && Names(line) == "[third a] [first a]");

        static string Names(string line) => string.Join(' ', Regex.Matches(line, @"\[[a-z]+ [a-z]\]").Select(match => match.Value));
    }

    [Theory]
    [InlineData("json: {a: \"{{ item.text }}\", b: \"{{ item.text }}\"}")]
    [InlineData("json: {a: \"<{{ item.text }}> {{ item.text }}\"}")]
    [InlineData("json: {a: \"{{ item }}\", b: \"{{ item.list }}\", c: \"{{ item.list[1] }}\"}")]
    [InlineData("json: {a: \"<{{ item.text | json }}>\", b: \"{{ item.text | json }}\"}")]
    [InlineData("json: '{\"a\": {{ item.text | json }}, \"b\": {{ item | json }}, \"c\": {{ item.list | json }}}'")]
    [InlineData("json: '{\"a\": [{% for x in item.list %}{{ x | json }},{% endfor %} 1]}'")]
    [InlineData("json: {a: \"{% capture x %}{{ item.text }}{% endcapture %}{{ x | append: '!' }}\"}")]
    [InlineData("json: {a: \"{% assign x = item.text %}{{ x }}{{ x | append: '!' }}{{ x | prepend: '!' | json }}\"}")]
    [InlineData("json: {a: \"{% if item.text contains 'MARK' %}{{ item.text }}{% endif %}\"}")]
    [InlineData("json: {a: \"{% if item.text == item.list[1] %}same{% endif %}\", b: \"{{ item.list | uniq | json }}\"}")]
    [InlineData("json: {a: \"{{ item.none | default: item.text }}\", b: \"{% cycle item.text, 'b' %}\"}")]
    [InlineData("raw: \"[{{ item.text }}] {{ item.text | json }}\"")]
    [InlineData("multipart: {t: \"<{{ item.text }}>\", u: \"{{ item.text | json }}\", v: \"{{ item | json }}\"}")]
    [InlineData("form: {t: \"{{ item.text }}\", u: \"{{ item.text | json }}\"}")]
    public async Task A_template_sends_a_large_text_as_it_sends_a_small_one(string body)
    {
        await using var host = await ServiceHost.StartAsync($$$$"""
            name: echo
            url: ${ECHO_URL}
            operations:
              go:
                item: {properties: {text: string, list: {type: any}, none: {type: any, required: false}}}
                request: {path: /x, {{{{body}}}} }
            """);
        var large = Text(LargeInput.MaxRowBytes + 5000, 3) + "MARK";
        string[] texts = ["MARK", large];

        foreach (var text in texts)
            await host.RunAsync("/api/echo/job", new JsonObject { ["items"] = new JsonArray(ItemOf(text)) }.ToJsonString());

        Assert.Equal(2, host.Calls.Count);
        var (small, sent) = (host.Calls[0].Text, host.Calls[1].Text);
        // The boundary of a multipart body is another each time.
        var boundary = small.Split("\r\n")[0];
        if (body.StartsWith("multipart", StringComparison.Ordinal))
            sent = sent.Replace(sent.Split("\r\n")[0], boundary, StringComparison.Ordinal);
        Assert.Equal(Unfolded(small, body, large), Unfolded(sent, body, large));

        static JsonObject ItemOf(string text) =>
            new() { ["text"] = text, ["list"] = new JsonArray("a", text, new JsonObject { ["t"] = text }) };
    }

    [Fact]
    public async Task A_pack_sends_large_texts_as_it_sends_small_ones()
    {
        await using var host = await ServiceHost.StartAsync("""
            name: echo
            url: ${ECHO_URL}
            operations:
              up:
                item: {type: string}
                request: {path: /one, json: {text: "{{ item }}"}}
                pack:
                  max: 4
                  request: {path: /many, json: {texts: "{{ items }}", first: "{{ items[0] }}"}}
                  results: /list
            """);
        host.Service.Script = _ => Reply.Json("""{"list":[1,2,3]}""");
        string[] texts = ["a", Text(100_000, 1), Text(70_000, 2)];

        await host.RunAsync(
            "/api/echo/job", new JsonObject { ["items"] = new JsonArray([.. texts.Select(text => (JsonNode)text)]) }.ToJsonString());

        using var call = JsonDocument.Parse(Assert.Single(host.Calls).Body);
        Assert.Equal(texts, call.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal("a", call.RootElement.Text("first"));
    }

    /// <summary>The body with the large text, in each form that it has in bodies, written as a mark.</summary>
    private static string Unfolded(string sent, string body, string large)
    {
        var json = JsonEncodedText.Encode(large, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        var twice = JsonEncodedText.Encode(json, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        string[] forms = body.StartsWith("form", StringComparison.Ordinal)
            ? [Form(json), Form(large)]
            : [twice, json, large];
        return forms.Aggregate(sent, (text, form) => text.Replace(form, "MARK", StringComparison.Ordinal));

        static string Form(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
    }

    private static void CheckCall(JsonObject item, ScriptedCall call)
    {
        using var sent = JsonDocument.Parse(call.Body);
        Equal(item["text"]!, sent.RootElement.GetProperty("text"));
        Equal(item["text"]!, sent.RootElement.GetProperty("again"));
        if (item["more"] is { } more) Equal(more, sent.RootElement.GetProperty("more"));
        else Assert.False(sent.RootElement.TryGetProperty("more", out _));
    }

    private static void Equal(JsonNode expected, JsonElement actual)
    {
        using var document = JsonDocument.Parse(expected.ToJsonString());
        Assert.True(JsonElement.DeepEquals(document.RootElement, actual));
    }

    private static TheoryData<int, int> Generated()
    {
        var data = new TheoryData<int, int>();
        var seed = 0;
        foreach (var size in (int[])[100, 65_535, 65_536, 65_537, 66_000, 131_072, 1_048_575, 1_048_577, 2_300_000])
        {
            for (var i = 0; i < 2; i++) data.Add(size, seed++);
        }

        return data;
    }

    /// <summary>An item whose stored JSON has about so many bytes, and exactly so many where its text can be padded.</summary>
    private static JsonObject Item(int size, int seed)
    {
        var item = new JsonObject();
        if (seed % 3 == 0) item["id"] = seed % 2 == 0 ? $"id {seed}" : seed;
        item["text"] = "";
        if (seed % 2 == 1) item["more"] = new JsonObject { ["list"] = new JsonArray(1.50, null, Text(size / 4, seed), true) };
        var text = "start" + Text(size / 2, seed);
        item["text"] = text;
        var missing = size - item.ToJsonString(new JsonSerializerOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }).Select(character => char.IsSurrogate(character) ? 2 : character < 0x80 ? 1 : character < 0x800 ? 2 : 3).Sum();
        item["text"] = text + new string('z', Math.Max(0, missing));
        return item;
    }

    /// <summary>A text with everything that JSON escapes.</summary>
    private static string Text(int length, int seed)
    {
        string[] parts = ["plain words ", "\n", "\"", "\\", "\t", "é", "漢", "😀", "\u0001", "</b>&'", "{{ x }}", "@", "\u2028"];
        var random = new Random(seed);
        var text = new System.Text.StringBuilder();
        while (text.Length < length) text.Append(parts[random.Next(parts.Length)]);
        return text.ToString();
    }
}
