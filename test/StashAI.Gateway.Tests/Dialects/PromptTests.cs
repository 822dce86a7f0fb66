using System.IO.Compression;
using System.Text.Json;
using StashAI.Gateway.Tests.Dialects.OpenAi;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects;

/// <summary>What was asked stands beside each result of a chat, in every form of its results, and nowhere else.</summary>
public sealed class PromptTests
{
    private const string Yaml = OpenAiHost.Yaml + """
          ask: {item: any, view: {kind: chat, text: /x}, request: {path: /ask, json: "{{ item | json }}"}}
        default_operation: up

        """;

    private static readonly (string Messages, string? Prompt)[] Asked =
    [
        ("""[{"role":"system","content":"s"},{"role":"user","content":"Hi"}]""", "Hi"),
        ("""[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c, \"d\""}]""", "c, \"d\""),
        ("""[{"role":"user","content":[{"type":"text","text":"e"},{"type":"image_url"},{"type":"text","text":"f"}]}]""", "e\nf"),
        ("""[{"role":"system","content":"only"}]""", null),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_of_a_batch_have_what_each_line_asked()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);
        host.Engine.Script = _ => Reply.Json(OpenAiHost.Completion("x"));
        var batch = await host.SubmitAsync("", [.. Asked.Select((one, i) => OpenAiHost.Line($"id-{i}", "x")
            .Replace("""[{"role":"user","content":"x" }]""", one.Messages, StringComparison.Ordinal))]);
        var results = $"/api/jobs/{(await host.UntilAsync(batch.Text("id"), "completed")).Text("job_id")}/results";

        var lines = (await host.Http.GetStringAsync(results, Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var page = (await host.Gateway.GetAsync($"{results}?format=json")).GetProperty("data").EnumerateArray();
        var table = await host.Http.GetStringAsync($"{results}?format=csv", Cancellation);
        await using var archive = new ZipArchive(await host.Http.GetStreamAsync($"{results}?format=zip", Cancellation));

        // Lines that begin alike run together, so the job has another order than the file.
        var expected = Asked.Select((one, i) => ($"id-{i}", one.Prompt)).ToList();
        Assert.Equal(expected, lines.Select(Parse).Select(Read).Order());
        Assert.Equal(expected, page.Select(Read).Order());
        Assert.Equal(expected, archive.Entries.Select(entry => Read(Parse(entry.Open()))).Order());
        Assert.Contains(",result,prompt,cost\r\n", table, StringComparison.Ordinal);
        Assert.Contains(",\"c, \"\"d\"\"\",", table, StringComparison.Ordinal);
        Assert.Contains(",\"e\nf\",", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_of_a_declared_chat_are_prompts_and_those_of_other_operations_are_not()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);
        host.Engine.Script = _ => Reply.Json("""{"x":"y"}""");

        const string items = """["Hi",{"prompt":"a"},{"input":["b",{"role":"user","content":"c"}]},{"input":"d"},{"e":"f"},7]""";
        var asked = await host.Services.RunAsync("/api/echo/batch/ask", $$"""{"items":{{items}}}""");
        // The operation that the declaration names for submits that name none.
        var other = await host.Services.RunAsync("/api/echo/batch", """{"items":["Hi"]}""");

        Assert.Equal(["Hi", "a", "c", "d", null, null], (await DataAsync(asked)).Select(one => one.GetProperty("prompt").GetString()));
        var result = Assert.Single(await DataAsync(other));
        Assert.False(result.TryGetProperty("prompt", out _));
        Assert.Equal("/up", host.Services.Calls[^1].Path);

        async Task<List<JsonElement>> DataAsync(JsonElement job) =>
            [.. (await host.Gateway.GetAsync($"/api/jobs/{job.Text("job_id")}/results?format=json")).GetProperty("data").EnumerateArray()];
    }

    [Fact]
    public async Task Lists_of_tasks_and_results_show_the_beginning_of_an_item_that_is_a_text()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);
        host.Engine.Script = _ => Reply.Status(422, """{"error":"no"}""");
        var letters = new string('x', 100);
        (string Item, string? Text)[] items =
        [
            ("\" How\\n do  I\\tgreet? \"", "How do I greet?"),
            ($"\"{letters[..80]}\"", letters[..80]), ($"\"{letters}\"", letters[..79] + "…"),
            ($"\"{letters[..79]}😀\"", letters[..79] + "😀"), ($"\"{letters[..78]}😀yz\"", letters[..78] + "😀…"),
            ("""{"messages":[{"role":"system","content":"s"},{"role":"user","content":"Hi"}]}""", "Hi"),
            ("""{"text":"a","target":"de"}""", "a"), ("""{"input":["b","c"]}""", "b c"),
            ("\"data:image/png;base64,AAAA\"", null), ("""{"e":"f"}""", null), ("7", null), ("\" \\n\"", null),
        ];
        var job = await host.Services.RunAsync(
            "/api/echo/batch/ask", $$"""{"job_name":"Greetings","items":[{{string.Join(',', items.Select(one => one.Item))}}]}""");
        var id = job.Text("job_id");

        var listed = (await host.Gateway.GetAsync($"/api/jobs/{id}/tasks")).GetProperty("data").EnumerateArray().ToList();
        var results = (await host.Gateway.GetAsync($"/api/jobs/{id}/results?format=json")).GetProperty("data").EnumerateArray();
        var failures = (await host.Gateway.GetAsync($"/api/jobs/{id}/failures")).GetProperty("data")[0];
        var again = (await host.Gateway.PostAsync($"/api/jobs/{id}/rerun", "{}", 202)).Text("job_id");
        await host.Gateway.EndOfAsync(again);
        var compared = (await host.Gateway.GetAsync($"/api/jobs/{again}/compare")).GetProperty("data").EnumerateArray();

        Assert.Equal(items.Select(one => one.Text), listed.Select(TextOf));
        Assert.Equal(items.Select(one => one.Text), results.Select(TextOf));
        Assert.All(listed, task => Assert.Equal("Greetings", task.Text("job_name")));
        Assert.Equal(items.Select(one => one.Text), compared.Select(TextOf));
        var examples = failures.GetProperty("examples").EnumerateArray().Select(example => example.GetString()).ToList();
        Assert.NotEmpty(examples);
        Assert.Equal(
            examples.Select(example => TextOf(listed.Single(task => task.Text("id") == example))),
            failures.GetProperty("example_names").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("How do I greet?", (await host.Gateway.GetAsync($"/api/tasks/{listed[0].Text("id")}")).Text("item_text"));

        static string? TextOf(JsonElement task) => task.TryGetProperty("item_text", out var text) ? text.GetString() : null;
    }

    private static (string Id, string? Prompt) Read(JsonElement result) =>
        (result.Text("item_id"), result.GetProperty("prompt").GetString());

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static JsonElement Parse(Stream json)
    {
        using (json)
        using (var document = JsonDocument.Parse(json))
        {
            return document.RootElement.Clone();
        }
    }
}
