using System.Text.Json;
using StashAI.Gateway.Tests.Dialects.OpenAi;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects;

/// <summary>`cost` of a declaration by tokens: what was used is paid, exactly, by task, job, key and day.</summary>
public sealed class CostTests
{
    private const string Models = "[small, \"large-*\"]";

    private const string Usage = """{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tokens_of_answers_are_paid_and_what_was_known_costs_nothing()
    {
        await using var host = await StartAsync("{input: 0.15, output: 0.6, cached_input: 0.075, per: 1M}");
        var made = await host.SubmitAsync(
            ""","cache":"use" """, OpenAiHost.Line("a", "one"), OpenAiHost.Line("b", "one"), OpenAiHost.Line("c", "two"),
            OpenAiHost.Line("d", "refused"));

        var batch = await host.UntilAsync(made.Text("id"), "completed");

        // Two tokens of the prompt, one that was cached, and two of the answer: 0.3 + 0.075 + 1.2 of a millionth.
        Assert.Equal("0.00000315", Raw(batch, "cost"));
        var id = batch.Text("job_id");
        var job = await host.Gateway.GetAsync($"/api/jobs/{id}");
        Assert.Equal(("0.00000315", true), (Raw(job, "cost"), job.IsNull("estimated_cost")));
        Assert.Equal("0.00000315", Raw(await host.Gateway.GetAsync($"/api/queue/job/{id}"), "cost"));
        var results = (await host.Gateway.GetAsync($"/api/jobs/{id}/results?format=json")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["0", "0.000001575", "0.000001575", "null"], results.Select(one => Raw(one, "cost")).Order());
        var tasks = (await host.Gateway.GetAsync($"/api/jobs/{id}/tasks")).GetProperty("data").EnumerateArray();
        Assert.Equal(results.Select(one => Raw(one, "cost")), tasks.Select(one => Raw(one, "cost")));
        var rows = (await host.Http.GetStringAsync($"/api/jobs/{id}/results?format=csv", Cancellation)).TrimEnd().Split("\r\n");
        Assert.EndsWith(",cost", rows[0], StringComparison.Ordinal);
        Assert.Equal(
            results.Select(one => one.IsNull("cost") ? "" : Raw(one, "cost")), rows[1..].Select(row => row[(row.LastIndexOf(',') + 1)..]));

        var costs = await host.Gateway.GetAsync("/api/costs?service=echo");
        Assert.Equal(("0.00000315", 2, true), (Raw(costs, "cost"), costs.Whole("tasks"), costs.GetProperty("complete").GetBoolean()));
        var day = Assert.Single(costs.GetProperty("data").EnumerateArray());
        Assert.Equal(("echo", true, "0.00000315"), (day.Text("service"), day.IsNull("key"), Raw(day, "cost")));
        Assert.Equal("0", Raw(await host.Gateway.GetAsync("/api/costs?key=nobody"), "cost"));
        Assert.Equal(
            "0", Raw(await host.Gateway.GetAsync("/api/costs?from=2001-01-01&to=2001-12-31"), "cost"));
    }

    [Fact]
    public async Task A_job_whose_results_were_all_known_cost_nothing()
    {
        await using var host = await StartAsync("{input: 1, output: 1}");
        await host.UntilAsync((await host.SubmitAsync(""","cache":"use" """, OpenAiHost.Line("a", "one"))).Text("id"), "completed");

        var made = await host.SubmitAsync(""","cache":"use" """, OpenAiHost.Line("b", "one"));
        var batch = await host.UntilAsync(made.Text("id"), "completed");

        Assert.Equal((1, "0"), (batch.Whole("cached"), Raw(batch, "cost")));
        Assert.Equal("0", Raw(await host.Gateway.GetAsync($"/api/jobs/{batch.Text("job_id")}"), "cost"));
    }

    [Fact]
    public async Task A_usage_that_is_no_count_is_no_cost_instead_of_a_part_of_one()
    {
        List<(string Text, decimal? Tokens)> counts =
        [
            ("7", 7), ("0", 0), ("12.0", 12), ("1e3", 1000), ("-3", null), ("2.5", null), ("1e308", null), ("\"9\"", null), ("[]", null),
            ("true", null), ("99999999999999999999", null),
        ];
        List<(string Usage, decimal? Cost)> cases =
        [
            ("null", null), ("[]", null), ("{}", null), ("""{"prompt_tokens":null,"completion_tokens":7}""", null),
            ("""{"prompt_tokens":3}""", 3), ("""{"prompt_tokens":3,"completion_tokens":null,"total_tokens":"x"}""", 3),
        ];
        foreach (var (input, tokens) in counts)
        {
            cases.Add(($$"""{"prompt_tokens":{{input}},"completion_tokens":5}""", tokens + 50));
            cases.Add(($$"""{"prompt_tokens":5,"completion_tokens":{{input}} }""", 5 + (tokens * 10)));
            cases.Add((
                $$"""{"prompt_tokens":20,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":{{input}} } }""",
                30 - (Math.Min(tokens ?? 0, 20) / 2) + (tokens - tokens)));
        }

        await using var host = await StartAsync("{input: 1, output: 10, cached_input: 0.5, per: 1}");
        host.Engine.Script = call => Reply.Json($$"""{"choices":[],"usage":{{OpenAiHost.LastMessage(call)}} }""");
        var made = await host.SubmitAsync("", [.. cases.Select((one, index) => OpenAiHost.Line($"{index}", one.Usage))]);

        var batch = await host.UntilAsync(made.Text("id"), "completed");

        var tasks = (await host.Gateway.GetAsync($"/api/jobs/{batch.Text("job_id")}/tasks?limit=100")).GetProperty("data");
        var costs = tasks.EnumerateArray().ToDictionary(task => task.Whole("index"), task => task.GetProperty("cost"));
        Assert.All(cases, (one, index) => Assert.Equal(
            (one.Usage, one.Cost), (one.Usage, costs[index].ValueKind == JsonValueKind.Null ? null : costs[index].GetDecimal())));
        Assert.Equal(cases.Sum(one => one.Cost), batch.GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task Each_model_has_its_own_price_and_one_without_has_none()
    {
        await using var host = await StartAsync(
            "{models: {small: {input: 1}, \"large-*\": {output: 0.5}}, per: 1K}", "[small, \"large-*\", other]");
        var made = await host.SubmitAsync(
            "", OpenAiHost.Line("a", "x", "small"), OpenAiHost.Line("b", "x", "large-7"), OpenAiHost.Line("c", "x", "other"));

        var batch = await host.UntilAsync(made.Text("id"), "completed");

        Assert.Equal("0.004", Raw(batch, "cost"));
        Assert.Equal(["0.003", "0.001", "null"], await CostsAsync(host, batch.Text("job_id")));
    }

    [Fact]
    public async Task The_price_is_that_of_the_submit_and_an_item_may_have_one_as_before()
    {
        await using var host = await StartAsync("0.1");
        var made = await host.SubmitAsync("", OpenAiHost.Line("a", "x"), OpenAiHost.Line("b", "y"), OpenAiHost.Line("c", "refused"));

        var batch = await host.UntilAsync(made.Text("id"), "completed");

        Assert.Equal("0.2", Raw(batch, "cost"));
        var job = await host.Gateway.GetAsync($"/api/jobs/{batch.Text("job_id")}");
        Assert.Equal("0.3", Raw(job, "estimated_cost"));
    }

    [Theory]
    [InlineData(true, "0.0000025")]
    [InlineData(false, "null")]
    public async Task A_stream_is_paid_where_it_says_its_usage(bool saysUsage, string cost)
    {
        await using var host = await StartAsync("{input: 0.5, output: 0.5}");
        host.Engine.Script = _ => Reply.Status(
            200,
            "data: {\"model\":\"small\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n"
            + (saysUsage ? $"data: {{\"model\":\"small\",\"choices\":[],\"usage\":{Usage}}}\n\n" : "") + "data: [DONE]\n\n",
            contentType: "text/event-stream");
        using var body = new StringContent(
            """{"model":"small","stream":true,"messages":[{"role":"user","content":"x"}]}""",
            System.Text.Encoding.UTF8, "application/json");

        using var response = await host.Http.PostAsync(OpenAiHost.Chat, body, Cancellation);
        await response.Content.ReadAsStringAsync(Cancellation);

        var task = (await host.Gateway.GetAsync("/api/tasks")).GetProperty("data")[0];
        Assert.Equal(cost, Raw(task, "cost"));
    }

    [Fact]
    public async Task Caches_are_paid_as_Anthropic_counts_them_also_in_a_stream()
    {
        const string Prices = "{input: 1, output: 10, cached_input: 0.1, cache_write: 2, per: 1}";
        await using var host = await StartAsync(Prices, yaml: """
            name: echo
            url: ${ECHO_URL}
            cost: COST
            anthropic: [/v1/messages]
            operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

            """);
        host.Engine.Script = call => call.Text.Contains("\"stream\":true", StringComparison.Ordinal)
            ? Reply.Status(
                200,
                """
                event: message_start
                data: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":3,"cache_read_input_tokens":4,"cache_creation_input_tokens":5,"output_tokens":1}}}

                event: message_delta
                data: {"type":"message_delta","delta":{},"usage":{"output_tokens":2}}

                event: message_stop
                data: {"type":"message_stop"}


                """,
                contentType: "text/event-stream")
            : Reply.Json(
                """{"type":"message","model":"m","content":[],"usage":{"input_tokens":3,"cache_read_input_tokens":4,"cache_creation_input_tokens":5,"output_tokens":2}}""");
        foreach (var stream in (string[])["false", "true"])
        {
            using var body = new StringContent(
                $$"""{"model":"m","max_tokens":9,"stream":{{stream}},"messages":[{"role":"user","content":"x"}]}""",
                System.Text.Encoding.UTF8, "application/json");
            using var response = await host.Http.PostAsync("/v1/messages", body, Cancellation);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        }

        var tasks = (await host.Gateway.GetAsync("/api/tasks")).GetProperty("data").EnumerateArray();
        Assert.Equal(["33.4", "33.4"], tasks.Select(task => Raw(task, "cost")));
        Assert.Equal("66.8", Raw(await host.Gateway.GetAsync("/api/costs"), "cost"));
    }

    [Fact]
    public async Task A_declared_operation_is_paid_by_tokens_that_its_result_leaves_out()
    {
        await using var host = await StartAsync("{input: 0.5, output: 1, per: 1K}", yaml: """
            name: echo
            url: ${ECHO_URL}
            cost: COST
            operations:
              ask:
                item: string
                request: {path: /v1/chat/completions, json: {model: small, messages: [{role: user, content: "{{ item }}"}]}}
                result: /choices/0/message/content

            """);

        var quote = await host.Gateway.PostAsync("/api/quote", """{"service":"echo","count":10}""", 200);
        var made = await host.Gateway.PostAsync("/api/echo/batch", """{"items":["a","b"]}""");
        var job = await host.Gateway.EndOfAsync(made.Text("job_id"));

        Assert.True(quote.IsNull("cost"));
        Assert.Contains("tokens", quote.Text("cost_unknown"), StringComparison.Ordinal);
        Assert.Equal(("0.007", true), (Raw(job, "cost"), job.IsNull("estimated_cost")));
        var schema = await host.Gateway.GetAsync("/api/services/echo/schema");
        Assert.Equal(0.0005, schema.GetProperty("operations")[0].GetProperty("cost_per_token").Number("input"));
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2030-02-30", "to")]
    [InlineData("from=2030-01-02&to=2030-01-01", "from")]
    public async Task A_day_that_is_none_is_refused(string query, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal(field, (await gateway.GetAsync($"/api/costs?{query}", 422)).FirstError().Text("field"));
    }

    private static Task<OpenAiHost> StartAsync(string cost, string models = Models, string? yaml = null)
    {
        yaml ??= OpenAiHost.Yaml.Replace(Models, models, StringComparison.Ordinal)
            .Replace("cost: 0.001", "cost: COST", StringComparison.Ordinal);
        return OpenAiHost.StartAsync(yaml: yaml.Replace("COST", cost, StringComparison.Ordinal));
    }

    private static async Task<List<string>> CostsAsync(OpenAiHost host, string? job) =>
        [.. (await host.Gateway.GetAsync($"/api/jobs/{job}/tasks")).GetProperty("data").EnumerateArray().Select(one => Raw(one, "cost"))];

    private static string Raw(JsonElement value, string name) => value.GetProperty(name).GetRawText();
}
