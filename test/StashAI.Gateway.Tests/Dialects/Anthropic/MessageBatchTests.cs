using System.Net;
using System.Text.Json;
using StashAI.Gateway.Tests.Dialects.OpenAi;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.Anthropic;

/// <summary><c>/v1/messages/batches</c>: a batch is a job, with Anthropic's states and results.</summary>
public sealed class MessageBatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_goes_from_its_requests_to_its_results()
    {
        await using var host = await AnthropicHost.StartAsync();
        using var gate = new Gate();
        host.Engine.Script = call => Reply.Hold(gate, AnthropicHost.Answer(call));
        var created = await host.SubmitAsync(
            AnthropicHost.Request("a", "one"), AnthropicHost.Request("b", "refused"), AnthropicHost.Request("ü\"\\", "two\nlines"),
            AnthropicHost.Request("d", "broken"));
        Assert.Equal(("message_batch", "in_progress"), (created.Text("type"), created.Text("processing_status")));
        Assert.Equal((4, 0, 0, 0, 0), AnthropicHost.Counts(created));
        Assert.True(created.IsNull("ended_at") && created.IsNull("archived_at") && created.IsNull("cancel_initiated_at"));
        Assert.True(created.IsNull("results_url"));
        Assert.InRange(
            created.GetProperty("expires_at").GetDateTimeOffset() - created.GetProperty("created_at").GetDateTimeOffset(),
            TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
        Assert.Equal(
            "invalid_request_error", (await host.GetAsync($"{AnthropicHost.Batches}/{created.Text("id")}/results", 400)).Text("type"));
        gate.Open();

        var batch = await host.EndAsync(created);

        Assert.Equal(created.EnumerateObject().Select(field => field.Name), batch.EnumerateObject().Select(field => field.Name));
        Assert.Equal((0, 2, 2, 0, 0), AnthropicHost.Counts(batch));
        Assert.False(batch.IsNull("ended_at"));
        Assert.EndsWith($"{AnthropicHost.Batches}/{batch.Text("id")}/results", batch.Text("results_url"));
        Assert.True(Uri.TryCreate(batch.Text("results_url"), UriKind.Absolute, out _));
        var lines = await host.ResultsAsync(batch);
        Assert.Equal(["a", "b", "ü\"\\", "d"], lines.Select(line => line.Text("custom_id")));
        var results = lines.Select(line => line.GetProperty("result")).ToList();
        Assert.Equal(["succeeded", "errored", "succeeded", "errored"], results.Select(result => result.Text("type")));
        // Fields that this server does not know, and numbers that no type of it holds, pass through.
        Assert.Equal("12345678901234567890.10", results[0].GetProperty("message").GetProperty("big").GetRawText());
        Assert.Equal("two\nlines", results[2].GetProperty("message").GetProperty("content")[0].Text("text"));
        Assert.Equal(
            """{"type":"error","error":{"type":"invalid_request_error","message":"Too long."},"request_id":"req_theirs"}""",
            results[1].GetProperty("error").GetRawText());
        var broken = results[3].GetProperty("error");
        Assert.Equal(("error", "api_error"), (broken.Text("type"), broken.GetProperty("error").Text("type")));
        Assert.StartsWith("req_", broken.Text("request_id"));
    }

    [Fact]
    public async Task The_service_gets_each_request_unread_with_its_own_key_and_a_version()
    {
        await using var host = await AnthropicHost.StartAsync();
        const string body =
            """{"model":"claude-x","messages":[{"role":"user","content":"x"}],"top_k":1.50,"tools":[{"a":"é"}],"stream":false}""";

        await host.EndAsync(await host.SubmitAsync($$"""{ "params": {{body}}, "custom_id":"1" }"""));

        var call = Assert.Single(host.Services.Calls);
        Assert.Equal((AnthropicHost.Messages, body), (call.Path, call.Text));
        Assert.Equal(("sk-service", "2023-06-01"), (call.Header("x-api-key"), call.Header("anthropic-version")));
    }

    [Fact]
    public async Task The_same_batch_is_a_job_for_our_own_routes()
    {
        await using var host = await AnthropicHost.StartAsync();
        var batch = await host.EndAsync(await host.PostAsync(
            AnthropicHost.Batches,
            $$"""{"priority":"high","requests":[{{AnthropicHost.Request("a", "one")}}],"concurrency":2,"completion_window":"2h"}"""));

        var job = await host.Gateway.GetAsync($"/api/jobs/{batch.Text("job_id")}");

        Assert.Equal(("claude", 9), (job.Text("service"), job.Whole("priority")));
        Assert.InRange(
            batch.GetProperty("expires_at").GetDateTimeOffset() - batch.GetProperty("created_at").GetDateTimeOffset(),
            TimeSpan.FromHours(1.9), TimeSpan.FromHours(2.1));
        var result = await host.Http.GetStringAsync($"/api/jobs/{batch.Text("job_id")}/results", Cancellation);
        using var line = JsonDocument.Parse(result);
        Assert.Equal(("a", "msg_1"), (line.RootElement.Text("item_id"), line.RootElement.GetProperty("result").Text("id")));
    }

    [Fact]
    public async Task A_batch_runs_on_a_service_in_the_form_of_OpenAI_with_an_error_for_what_has_no_counterpart()
    {
        await using var host = await AnthropicHost.StartAsync();

        var batch = await host.EndAsync(await host.SubmitAsync(
            AnthropicHost.Request("a", "one", "small", ""","system":"Be short.","stop_sequences":["END"],"temperature":0.50"""),
            AnthropicHost.Request("b", "two", "small", ""","top_k":3"""),
            AnthropicHost.Request("c", "refused", "small")));

        Assert.Equal((0, 1, 2, 0, 0), AnthropicHost.Counts(batch));
        var results = (await host.ResultsAsync(batch)).ConvertAll(line => line.GetProperty("result"));
        Assert.Equal(
            """{"id":"chatcmpl-1","type":"message","role":"assistant","model":"small","content":[{"type":"text","text":"one"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":2,"cache_creation_input_tokens":null,"cache_read_input_tokens":1,"output_tokens":2}}""",
            results[0].GetProperty("message").GetRawText());
        var unmapped = results[1].GetProperty("error").GetProperty("error");
        Assert.Equal("invalid_request_error", unmapped.Text("type"));
        Assert.Contains("top_k", unmapped.Text("message"), StringComparison.Ordinal);
        // The error of the service is written in this form.
        Assert.Equal(
            ("invalid_request_error", "Too long."),
            (results[2].GetProperty("error").GetProperty("error").Text("type"),
                results[2].GetProperty("error").GetProperty("error").Text("message")));
        var first = host.Services.Calls.Single(call => OpenAiHost.LastMessage(call) == "one");
        Assert.Equal(
            """{"model":"small","messages":[{"role":"system","content":"Be short."},{"role":"user","content":"one"}],"max_tokens":9,"temperature":0.50,"stop":["END"]}""",
            first.Text);
        Assert.Equal(OpenAiHost.Chat, first.Path);
        Assert.Equal(2, host.Services.Calls.Count);
    }

    [Fact]
    public async Task What_is_wrong_with_requests_is_told_at_once_by_index_and_nothing_runs()
    {
        await using var host = await AnthropicHost.StartAsync();

        var error = await host.PostAsync(
            AnthropicHost.Batches,
            AnthropicHost.Body(
                AnthropicHost.Request("a", "x"), "7", AnthropicHost.Request("a", "x"), AnthropicHost.Request("", "x"),
                AnthropicHost.Request(new string('é', 65), "x"), AnthropicHost.Request("b", "x", "unknown"),
                AnthropicHost.Request("c", "x", "small"), """{"custom_id":5,"params":[],"more":1}""",
                AnthropicHost.Request("d", "x", more: ""","stream":true"""), """{"custom_id":"e","custom_id":"f","params":{"model":""}}"""),
            400);

        Assert.Equal("invalid_request_error", error.Text("type"));
        Assert.Equal(
            [
                ("requests[1]", 1), ("requests[2].custom_id", 2), ("requests[3].custom_id", 3), ("requests[4].custom_id", 4),
                ("requests[5].params.model", 5), ("requests[6].params.model", 6), ("requests[7].more", 7), ("requests[7].custom_id", 7),
                ("requests[7].params", 7), ("requests[8].params.stream", 8), ("requests[9].custom_id", 9), ("requests[9].params.model", 9),
            ],
            error.GetProperty("errors").EnumerateArray().Select(one => (one.Text("param"), one.Whole("index"))));
        Assert.StartsWith("requests[1]: must be an object", error.Text("message"));
        Assert.Contains("(12 errors in all; nothing was taken.)", error.Text("message"), StringComparison.Ordinal);
        Assert.Empty(host.Services.Calls);
        Assert.Equal(0, (await host.Gateway.GetAsync("/api/jobs")).Whole("total"));
        // 64 characters are the most, of any kind.
        await host.EndAsync(await host.SubmitAsync(AnthropicHost.Request(string.Concat(Enumerable.Repeat("😀", 64)), "x")));
    }

    [Theory]
    [InlineData("", 400, "body")]
    [InlineData("[]", 400, "body")]
    [InlineData("{}", 400, "requests")]
    [InlineData("""{"requests":[]}""", 400, "requests")]
    [InlineData("""{"requests":null}""", 400, "requests")]
    [InlineData("""{"requests":{}}""", 400, "requests")]
    [InlineData("""{"requests":[],"requests":[]}""", 400, "requests")]
    [InlineData("""{"requests":[REQUEST],"more":1}""", 400, "more")]
    [InlineData("""{"requests":[REQUEST],"completion_window":"24d1"}""", 400, "completion_window")]
    [InlineData("""{"requests":[REQUEST],"priority":10}""", 400, "priority")]
    [InlineData("""{"requests":[REQUEST],"concurrency":0}""", 400, "concurrency")]
    [InlineData("""{"requests":[REQUEST""", 400, null)]
    [InlineData("""{"requests":[REQUEST,REQUEST,REQUEST]}""", 413, "requests[2]")]
    public async Task A_body_that_is_no_batch_is_refused(string body, int status, string? field)
    {
        await using var host = await AnthropicHost.StartAsync(new() { ["MAX_ITEMS"] = "2" });

        var error = await host.PostAsync(
            AnthropicHost.Batches, body.Replace("REQUEST", AnthropicHost.Request("a", "x"), StringComparison.Ordinal), status);

        Assert.Equal(status == 413 ? "request_too_large" : "invalid_request_error", error.Text("type"));
        if (field is not null) Assert.Equal(field, error.Text("param"));
    }

    [Fact]
    public async Task Cancelled_in_the_middle_it_keeps_what_is_finished_and_can_be_deleted_when_it_has_ended()
    {
        await using var host = await AnthropicHost.StartAsync(workers: 1);
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "first" ? AnthropicHost.Answer(call) : Reply.Hang();
        var created = await host.SendAsync(
            HttpMethod.Post, AnthropicHost.Batches,
            $$"""{"concurrency":1,"requests":[{{AnthropicHost.Request("1", "first")}},{{AnthropicHost.Request("2", "x")}},{{AnthropicHost.Request("3", "x")}}]}""",
            headers: [("StashAI-Partial-Results", "true")]);
        var path = $"{AnthropicHost.Batches}/{created.Text("id")}";
        await host.Engine.Ledger.WaitForCallsAsync(2, Cancellation);
        // It asked for its results while it runs.
        Assert.False(created.IsNull("results_url"));
        Assert.Equal(["1"], (await host.ResultsAsync(created)).Select(line => line.Text("custom_id")));
        Assert.Equal((3, 0, 0, 0, 0), AnthropicHost.Counts(await host.GetAsync(path)));
        var early = await host.SendAsync(HttpMethod.Delete, path, status: 400);
        Assert.Contains("cancel it first", early.Text("message"), StringComparison.Ordinal);

        var canceling = await host.PostAsync($"{path}/cancel");
        var batch = await host.EndAsync(canceling);

        Assert.False(canceling.IsNull("cancel_initiated_at"));
        Assert.Equal(canceling.Text("cancel_initiated_at"), batch.Text("cancel_initiated_at"));
        Assert.Equal((0, 1, 0, 2, 0), AnthropicHost.Counts(batch));
        Assert.Equal(
            ["succeeded", "canceled", "canceled"],
            (await host.ResultsAsync(batch)).Select(line => line.GetProperty("result").Text("type")));
        await host.PostAsync($"{path}/cancel", status: 400);
        var deleted = await host.SendAsync(HttpMethod.Delete, path);
        Assert.Equal((created.Text("id"), "message_batch_deleted"), (deleted.Text("id"), deleted.Text("type")));
        foreach (var gone in (string[])[path, $"{path}/results"])
            Assert.Equal("not_found_error", (await host.GetAsync(gone, 404)).Text("type"));
        Assert.Empty((await host.GetAsync(AnthropicHost.Batches)).GetProperty("data").EnumerateArray());
        Assert.Equal(0, (await host.Gateway.GetAsync("/api/jobs")).Whole("total"));
    }

    [Fact]
    public async Task What_is_open_at_the_deadline_expires()
    {
        await using var host = await AnthropicHost.StartAsync(workers: 2);
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "x" ? Reply.Hang() : AnthropicHost.Answer(call);
        var created = await host.PostAsync(
            AnthropicHost.Batches,
            AnthropicHost.Body(
                AnthropicHost.Request("1", "one"), AnthropicHost.Request("2", "refused"), AnthropicHost.Request("3", "x"),
                AnthropicHost.Request("4", "x")));
        await host.Engine.Ledger.WaitForCallsAsync(4, Cancellation);
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(2);
        using (await host.Gateway.SendAsync(
            HttpMethod.Patch, $"/api/jobs/{created.Text("job_id")}", $$"""{"deadline":"{{soon:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}"}"""))
        {
            // Its batch has another time to expire then.
        }

        var batch = await host.EndAsync(created);

        Assert.Equal((0, 1, 1, 0, 2), AnthropicHost.Counts(batch));
        Assert.Equal(batch.GetProperty("expires_at").GetDateTimeOffset(), soon, TimeSpan.FromMilliseconds(1));
        Assert.Equal(
            ["succeeded", "errored", "expired", "expired"],
            (await host.ResultsAsync(batch)).Select(line => line.GetProperty("result").Text("type")));
        var listed = (await host.GetAsync(AnthropicHost.Batches)).GetProperty("data")[0];
        Assert.Equal((0, 1, 1, 0, 2), AnthropicHost.Counts(listed));
    }

    [Fact]
    public async Task Pages_go_both_ways_and_have_batches_of_this_API_only()
    {
        await using var host = await AnthropicHost.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((await host.EndAsync(await host.SubmitAsync(AnthropicHost.Request("a", "x")))).Text("id"));
        // One that is deleted leaves no gap.
        await host.SendAsync(HttpMethod.Delete, $"{AnthropicHost.Batches}/{ids[2]}");
        await host.PostAsync(AnthropicHost.Messages, AnthropicHost.Params("direct"));
        ids.RemoveAt(2);
        ids.Reverse();

        await HasAsync("limit=2", ids[..2], true);
        await HasAsync($"limit=2&after_id={ids[1]}", ids[2..], false);
        await HasAsync($"limit=2&before_id={ids[3]}", ids[1..3], true);
        await HasAsync($"limit=2&before_id={ids[1]}", ids[..1], false);
        await HasAsync($"before_id={ids[0]}", [], false);
        await host.GetAsync($"{AnthropicHost.Batches}?after_id=x", 404);
        await host.GetAsync($"{AnthropicHost.Batches}?after_id={ids[0]}&before_id={ids[0]}", 400);
        Assert.Equal("limit", (await host.GetAsync($"{AnthropicHost.Batches}?limit=1001", 400)).Text("param"));
        using var others = JsonDocument.Parse(await host.Http.GetStringAsync("/v1/batches", Cancellation));
        Assert.Empty(others.RootElement.GetProperty("data").EnumerateArray());
        // An id of this API names no batch of the other.
        using var other = await host.Http.GetAsync($"/v1/batches/batch_{ids[0]["msgbatch_".Length..]}", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);

        async Task HasAsync(string query, List<string> expected, bool hasMore)
        {
            var page = await host.GetAsync($"{AnthropicHost.Batches}?{query}");
            Assert.Equal(expected, page.GetProperty("data").EnumerateArray().Select(batch => batch.Text("id")));
            Assert.Equal(
                (hasMore, expected.FirstOrDefault(), expected.LastOrDefault()),
                (page.GetProperty("has_more").GetBoolean(), page.GetProperty("first_id").GetString(),
                    page.GetProperty("last_id").GetString()));
        }
    }

    [Fact]
    public async Task A_repeated_key_gets_the_same_batch_and_another_body_is_refused()
    {
        await using var host = await AnthropicHost.StartAsync();

        var first = await SendAsync(AnthropicHost.Body(AnthropicHost.Request("a", "x")), 200);
        var again = await SendAsync(AnthropicHost.Body(AnthropicHost.Request("a", "x")), 200);
        await SendAsync(AnthropicHost.Body(AnthropicHost.Request("b", "x")), 400);

        Assert.Equal(first.Text("id"), again.Text("id"));
        Assert.Single((await host.GetAsync(AnthropicHost.Batches)).GetProperty("data").EnumerateArray());

        Task<JsonElement> SendAsync(string body, int status) =>
            host.SendAsync(HttpMethod.Post, AnthropicHost.Batches, body, status, ("Idempotency-Key", "k"));
    }

    [Fact]
    public async Task Results_are_asked_for_early_by_true_or_false()
    {
        await using var host = await AnthropicHost.StartAsync();

        var error = await host.SendAsync(
            HttpMethod.Post, AnthropicHost.Batches, AnthropicHost.Body(AnthropicHost.Request("a", "x")), 400,
            ("StashAI-Partial-Results", "perhaps"));

        Assert.Equal("StashAI-Partial-Results", error.Text("param"));
    }
}
