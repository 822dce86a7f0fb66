using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>Batches whose endpoint is an operation of a declared service: each line's body is an item.</summary>
public sealed class ServiceBatchTests
{
    private const string Endpoint = "/services/echo/measure";

    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        max_parallel: 8
        config: {unit: {type: string, default: cm}}
        operations:
          measure:
            item: {properties: {text: string, size: {type: integer, required: false}, sheet: {type: file, required: false}}}
            request: {path: /measure, json: {text: "{{ item.text }}", unit: "{{ config.unit }}", sheet: "{{ item.sheet }}"}}
            result: /answer

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_are_items_of_the_service_and_results_are_their_answers()
    {
        await using var host = await StartAsync();
        var file = await host.UploadAsync(string.Join('\n', Enumerable.Range(0, 300).Select(i =>
            Line(
                $"id {i}", i == 7 ? """{"text":"refused"}""" : $$"""{"text":"text {{i}}","size":{{i}}}""",
                ""","config":{"unit":"m"}"""))));

        var created = await CreateAsync(host, file.Text("id"), ""","priority":7""");
        var batch = await host.UntilAsync(created.Text("id"), "completed", "failed");

        Assert.Equal("""{"total":300,"completed":299,"failed":1}""", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal((Endpoint, true, true), (batch.Text("endpoint"), batch.IsNull("model"), batch.IsNull("usage")));
        var lines = await host.LinesAsync(batch.Text("output_file_id"));
        Assert.Equal(
            Enumerable.Range(0, 300).Where(i => i != 7).Select(i => ($"id {i}", $"text {i} in m")),
            lines.Select(line => (line.Text("custom_id"), line.GetProperty("response").GetProperty("body").Text("said"))));
        var error = Assert.Single(await host.LinesAsync(batch.Text("error_file_id")));
        Assert.Equal(("id 7", 400), (error.Text("custom_id"), error.GetProperty("response").Whole("status_code")));
        var job = await host.Gateway.GetAsync($"/api/jobs/{batch.Text("job_id")}");
        Assert.Equal(("echo", 7), (job.Text("service"), job.Whole("priority")));
        // What failed becomes another batch, as of any endpoint.
        host.Engine.Script = _ => Reply.Json("""{"answer":{"said":"now"}}""");
        var retried = await host.UntilAsync(
            (await host.PostAsync($"/v1/batches/{batch.Text("id")}/retry")).Text("id"), "completed", "failed");
        Assert.Equal("id 7", Assert.Single(await host.LinesAsync(retried.Text("output_file_id"))).Text("custom_id"));
    }

    [Fact]
    public async Task A_file_of_an_item_comes_in_its_line()
    {
        await using var host = await StartAsync();
        var file = await host.UploadAsync(Line("a", """{"text":"x","sheet":"aGVsbG8="}"""));

        await host.UntilAsync((await CreateAsync(host, file.Text("id"))).Text("id"), "completed");

        using var sent = JsonDocument.Parse(Assert.Single(host.Services.Calls).Body);
        Assert.Equal(("aGVsbG8=", "cm"), (sent.RootElement.Text("sheet"), sent.RootElement.Text("unit")));
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_with_its_line_and_field()
    {
        await using var host = await StartAsync();

        Assert.Equal(
            [("invalid_parameter", "body.text", 2), ("invalid_parameter", "body.size", 3), ("invalid_parameter", "body.more", 4)],
            await ErrorsAsync(
                Line("a", """{"text":"x"}"""), Line("b", """{"text":[]}"""), Line("c", """{"text":"x","size":"big"}"""),
                Line("d", """{"text":"x","more":1}""")));
        Assert.Equal(
            [("duplicate_field", "body.text", 1), ("missing_required_parameter", "body", 2), ("url_mismatch", "url", 3),
                ("config_mismatch", "config", 4), ("unsupported_parameter", "config.priority", 5), ("config_mismatch", "config", 5),
                ("invalid_parameter", "config", 6)],
            await ErrorsAsync(
                Line("z", """{"text":"x","text":"y"}"""),
                """{"custom_id":"a","method":"POST","url":"/services/echo/measure"}""",
                Line("b", """{"text":"x"}""").Replace("/measure", "/other", StringComparison.Ordinal),
                Line("c", """{"text":"x"}""", ""","config":{"unit":"m"}"""),
                Line("d", """{"text":"x"}""", ""","config":{"priority":1}"""), Line("e", """{"text":"x"}""", ""","config":[]""")));
        Assert.Equal(
            [("invalid_parameter", "config.unit", 1)],
            await ErrorsAsync(Line("a", """{"text":"x"}""", ""","config":{"unit":[]}""")));
        Assert.Equal(
            [("invalid_parameter", "config.unit", 1), ("invalid_parameter", "config.more[1].deep", 2), ("invalid_json_line", "config", 3)],
            await ErrorsAsync(
                Line("a", """{"text":"x"}""", ""","config":{"unit":"\ud800"}"""),
                Line("b", """{"text":"x"}""", ""","config":{"unit":"m","more":["m",{"deep":"\udc00\ud800"}]}"""),
                Line("c", """{"text":"x"}""", ""","config":{"\ud800":1}""")));
        Assert.Empty(host.Services.Calls);

        async Task<List<(string, string?, int)>> ErrorsAsync(params string[] lines)
        {
            var file = await host.UploadAsync(string.Join('\n', lines));
            var batch = await host.UntilAsync((await CreateAsync(host, file.Text("id"))).Text("id"), "completed", "failed");
            return
            [
                .. batch.GetProperty("errors").GetProperty("data").EnumerateArray()
                    .Select(error => (error.Text("code"), error.GetProperty("param").GetString(), error.Whole("line"))),
            ];
        }
    }

    [Fact]
    public async Task A_file_that_is_none_is_named_as_the_client_wrote_it()
    {
        await using var host = await StartAsync();
        var file = await host.UploadAsync(Line("a", """{"text":"x","sheet":"!!"}"""));

        var batch = await host.UntilAsync((await CreateAsync(host, file.Text("id"))).Text("id"), "failed");

        var error = batch.GetProperty("errors").GetProperty("data")[0];
        Assert.Equal("body.sheet", error.Text("param"));
        Assert.StartsWith("body.sheet is not base64", error.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/services/echo/none")]
    [InlineData("/services/none/measure")]
    [InlineData("/services/echo")]
    [InlineData("/services/echo/measure/more")]
    public async Task An_endpoint_that_no_service_has_is_refused(string endpoint)
    {
        await using var host = await StartAsync();
        var file = await host.UploadAsync(Line("a", """{"text":"x"}"""));

        Assert.Equal("endpoint", (await CreateAsync(host, file.Text("id"), status: 400, endpoint: endpoint)).Text("param"));
    }

    private static async Task<OpenAiHost> StartAsync()
    {
        var host = await OpenAiHost.StartAsync(yaml: Yaml);
        host.Engine.Script = call =>
        {
            using var sent = JsonDocument.Parse(call.Body);
            var text = sent.RootElement.Text("text");
            return text == "refused"
                ? Reply.Json("""{"message":"No."}""", 400)
                : Reply.Json($$$"""{"answer":{"said":{{{JsonSerializer.Serialize($"{text} in {sent.RootElement.Text("unit")}")}}}}}""");
        };
        return host;
    }

    private static string Line(string id, string item, string more = "") =>
        $$"""{"custom_id":{{JsonSerializer.Serialize(id)}},"method":"POST","url":"{{Endpoint}}","body":{{item}}{{more}}}""";

    private static Task<JsonElement> CreateAsync(
        OpenAiHost host, string file, string more = "", int status = 200, string endpoint = Endpoint) => host.PostAsync(
        "/v1/batches", $$"""{"input_file_id":"{{file}}","endpoint":"{{endpoint}}","completion_window":"24h"{{more}}}""", status);
}
