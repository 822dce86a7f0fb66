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
