using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary><c>/v1/batches</c>: a batch is a job, with OpenAI's states and files.</summary>
public sealed class BatchTests
{
    private const string CacheField = ",\"cache\":\"use\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Equal_lines_are_called_once_and_cost_their_tokens_once()
    {
        await using var host = await OpenAiHost.StartAsync();
        string[] lines = [OpenAiHost.Line("a", "one"), OpenAiHost.Line("b", "one"), OpenAiHost.Line("c", "two")];

        var batch = await host.UntilAsync((await host.SubmitAsync(CacheField, lines)).Text("id"), "completed");

        Assert.Equal(2, host.Engine.Ledger.Count);
        Assert.Equal((3, 1), (batch.GetProperty("request_counts").Whole("completed"), batch.Whole("cached")));
        Assert.Equal(10, batch.GetProperty("usage").Whole("total_tokens"));
        var done = await host.LinesAsync(batch.Text("output_file_id"));
        Assert.Equal(["a", "b", "c"], done.Select(line => line.Text("custom_id")));
        Assert.Equal(
            done[0].GetProperty("response").GetProperty("body").GetRawText(),
            done[1].GetProperty("response").GetProperty("body").GetRawText());
        Assert.Equal(3, done.Select(line => line.GetProperty("response").Text("request_id")).Distinct().Count());
        var again = await host.UntilAsync((await host.SubmitAsync(CacheField, lines)).Text("id"), "completed");
        Assert.Equal((2L, 3), (host.Engine.Ledger.Count, again.Whole("cached")));
        Assert.True(again.IsNull("usage"));
    }

    [Fact]
    public async Task Direct_calls_do_as_the_service_declares_and_pieces_are_always_computed()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: "cache: use\n" + OpenAiHost.Yaml);

        var first = await host.PostAsync(OpenAiHost.Chat, OpenAiHost.Body("one"));
        var second = await host.PostAsync(OpenAiHost.Chat, OpenAiHost.Body("one"));

        Assert.Equal((1L, first.GetRawText()), (host.Engine.Ledger.Count, second.GetRawText()));
        await OpenAiHost.ReadAsync(
            await host.Http.PostAsync(
                "/v1/batches",
                new StringContent(
                    """{"input_file_id":"file-x","endpoint":"/v1/chat/completions","completion_window":"24h","cache":"yes"}""",
                    System.Text.Encoding.UTF8, "application/json"),
                Cancellation),
            400);
    }

    [Fact]
    public async Task A_batch_goes_from_its_file_to_the_files_of_its_results()
    {
        await using var host = await OpenAiHost.StartAsync();
        var created = await host.SubmitAsync(
            ""","metadata":{"customer":"c-17"}""", OpenAiHost.Line("a", "one"), OpenAiHost.Line("b", "refused"),
            OpenAiHost.Line("ü\"\\", "two\nlines"), OpenAiHost.Line("d", "broken"));
        Assert.Equal(
            ("batch", "validating", "24h", "c-17", true),
            (created.Text("object"), created.Text("status"), created.Text("completion_window"),
                created.GetProperty("metadata").Text("customer"), created.IsNull("output_file_id")));
        Assert.Equal(0, created.GetProperty("request_counts").Whole("total"));

        var batch = await host.UntilAsync(created.Text("id"), "completed");

        var counts = batch.GetProperty("request_counts");
        Assert.Equal((4, 2, 2, "small"), (counts.Whole("total"), counts.Whole("completed"), counts.Whole("failed"), batch.Text("model")));
        Assert.Equal(
            created.EnumerateObject().Select(field => field.Name), batch.EnumerateObject().Select(field => field.Name));
        var usage = batch.GetProperty("usage");
        Assert.Equal(
            (6, 4, 10, 2),
            (usage.Whole("input_tokens"), usage.Whole("output_tokens"), usage.Whole("total_tokens"),
                usage.GetProperty("input_tokens_details").Whole("cached_tokens")));
        var done = await host.LinesAsync(batch.Text("output_file_id"));
        Assert.Equal(["a", "ü\"\\"], done.Select(line => line.Text("custom_id")));
        Assert.Equal(["id", "custom_id", "response", "error"], done[0].EnumerateObject().Select(field => field.Name));
        var response = done[0].GetProperty("response");
        Assert.Equal(200, response.Whole("status_code"));
        // Fields that this server does not know, and numbers that no type of it holds, pass through.
        Assert.Equal("12345678901234567890.10", response.GetProperty("body").GetProperty("big").GetRawText());
        Assert.Equal(
            "two\nlines",
            done[1].GetProperty("response").GetProperty("body").GetProperty("choices")[0].GetProperty("message").Text("content"));
        var failed = await host.LinesAsync(batch.Text("error_file_id"));
        Assert.Equal(["b", "d"], failed.Select(line => line.Text("custom_id")));
        Assert.Equal(
            (400, "context_length_exceeded"),
            (failed[0].GetProperty("response").Whole("status_code"),
                failed[0].GetProperty("response").GetProperty("body").GetProperty("error").Text("code")));
        Assert.Equal(
            (500, "server_error"),
            (failed[1].GetProperty("response").Whole("status_code"),
                failed[1].GetProperty("response").GetProperty("body").GetProperty("error").Text("type")));
        var file = await host.GetAsync($"/v1/files/{batch.Text("output_file_id")}");
        var bytes = (await host.Http.GetByteArrayAsync($"/v1/files/{batch.Text("output_file_id")}/content", Cancellation)).Length;
        Assert.Equal(("batch_output", bytes), (file.Text("purpose"), file.Whole("bytes")));
        await OpenAiHost.ReadAsync(await host.Http.DeleteAsync($"/v1/files/{batch.Text("output_file_id")}", Cancellation), 400);
    }

    [Fact]
    public async Task The_same_batch_is_a_job_for_our_own_routes()
    {
        await using var host = await OpenAiHost.StartAsync();
        var batch = await host.UntilAsync(
            (await host.SubmitAsync(""","priority":"high","concurrency":2""", OpenAiHost.Line("a", "one"))).Text("id"), "completed");

        var job = await host.Gateway.GetAsync($"/api/jobs/{batch.Text("job_id")}");

        Assert.Equal(("echo", "lines.jsonl", 9), (job.Text("service"), job.Text("name"), job.Whole("priority")));
        var result = await host.Http.GetStringAsync($"/api/jobs/{batch.Text("job_id")}/results", Cancellation);
        using var line = JsonDocument.Parse(result);
        Assert.Equal("a", line.RootElement.Text("item_id"));
        Assert.Equal("chatcmpl-1", line.RootElement.GetProperty("result").Text("id"));
    }

    [Fact]
    public async Task Every_field_of_a_request_reaches_the_service_unread()
    {
        await using var host = await OpenAiHost.StartAsync();
        const string body =
            """{"model":"large-1","messages":[{"role":"user","content":"x"}],"seed":1.50,"tools":[{"a":"é"}],"stream":false}""";
        var line = $$"""{"body": {{body}}, "url":"/v1/chat/completions","method":"POST","custom_id":"1","more":{"of":"it"} }""";

        await host.UntilAsync((await host.SubmitAsync("", line)).Text("id"), "completed");

        Assert.Equal(body, Assert.Single(host.Services.Calls).Text);
    }

    [Fact]
    public async Task A_bad_file_fails_with_all_its_errors_and_nothing_runs()
    {
        await using var host = await OpenAiHost.StartAsync();
        var created = await host.SubmitAsync(
            "", OpenAiHost.Line("a", "one"), "{broken", OpenAiHost.Line("a", "again"), OpenAiHost.Line("c", "x", "unknown"));

        var batch = await host.UntilAsync(created.Text("id"), "failed");

        Assert.Equal(
            [("invalid_json_line", null, 2), ("duplicate_custom_id", "custom_id", 3), ("model_not_found", "body.model", 4)],
            batch.GetProperty("errors").GetProperty("data").EnumerateArray()
                .Select(error => (error.Text("code"), error.GetProperty("param").GetString(), error.Whole("line"))));
        Assert.False(batch.IsNull("failed_at"));
        Assert.True(batch.IsNull("job_id") && batch.IsNull("output_file_id") && batch.IsNull("error_file_id"));
        Assert.Empty(host.Services.Calls);
        Assert.Equal(0, (await host.Gateway.GetAsync("/api/jobs")).Whole("total"));
        var error = await host.PostAsync($"/v1/batches/{created.Text("id")}/cancel", status: 409);
        Assert.Equal("invalid_request_error", error.Text("type"));
    }

    [Fact]
    public async Task Cancelled_in_the_middle_it_keeps_what_is_finished()
    {
        await using var host = await OpenAiHost.StartAsync(workers: 1);
        using var gate = new Gate();
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "first" ? OpenAiHost.Answer(call) : Reply.Hang();
        var created = await host.SubmitAsync(
            ""","concurrency":1""", OpenAiHost.Line("1", "first"), OpenAiHost.Line("2", "x"), OpenAiHost.Line("3", "x"));
        await host.Engine.Ledger.WaitForCallsAsync(2, Cancellation);

        var answer = await host.PostAsync($"/v1/batches/{created.Text("id")}/cancel");
        Assert.Contains(answer.Text("status"), (string[])["cancelling", "cancelled"]);
        var batch = await host.UntilAsync(created.Text("id"), "cancelled");

        Assert.False(batch.IsNull("cancelling_at") || batch.IsNull("cancelled_at"));
        Assert.Equal("1", Assert.Single(await host.LinesAsync(batch.Text("output_file_id"))).Text("custom_id"));
        var rest = await host.LinesAsync(batch.Text("error_file_id"));
        Assert.Equal(["2", "3"], rest.Select(line => line.Text("custom_id")));
        Assert.All(rest, line => Assert.Equal("batch_cancelled", line.GetProperty("error").Text("code")));
        Assert.All(rest, line => Assert.True(line.IsNull("response")));
    }

    [Fact]
    public async Task Partial_output_can_be_read_while_the_batch_runs()
    {
        await using var host = await OpenAiHost.StartAsync(workers: 1);
        using var gate = new Gate();
        host.Engine.Script = call =>
            OpenAiHost.LastMessage(call) == "first" ? OpenAiHost.Answer(call) : Reply.Hold(gate, Reply.Json(OpenAiHost.Completion("late")));
        var created = await host.SubmitAsync(
            ""","metadata":{"stashai_partial":"true"}""", OpenAiHost.Line("1", "first"), OpenAiHost.Line("2", "x"));
        await host.Engine.Ledger.WaitForCallsAsync(2, Cancellation);

        var batch = await host.UntilAsync(created.Text("id"), "in_progress");
        while (batch.IsNull("output_file_id")) batch = await host.GetAsync($"/v1/batches/{created.Text("id")}");
        Assert.Equal("1", Assert.Single(await host.LinesAsync(batch.Text("output_file_id"))).Text("custom_id"));
        gate.Open();

        batch = await host.UntilAsync(created.Text("id"), "completed");
        Assert.Equal(2, (await host.LinesAsync(batch.Text("output_file_id"))).Count);
    }

    [Fact]
    public async Task Three_pages_of_batches_the_newest_first()
    {
        await using var host = await OpenAiHost.StartAsync();
        var file = (await host.UploadAsync(OpenAiHost.Line("a", "one"))).Text("id");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((await host.CreateAsync(file)).Text("id"));
        ids.Reverse();

        var seen = new List<string>();
        for (var after = ""; ;)
        {
            var page = await host.GetAsync($"/v1/batches?limit=2{after}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(batch => batch.Text("id")));
            if (!page.GetProperty("has_more").GetBoolean()) break;
            after = $"&after={page.Text("last_id")}";
        }

        Assert.Equal(ids, seen);
        await host.GetAsync("/v1/batches?limit=101", 400);
        await host.GetAsync("/v1/batches?after=batch_0", 404);
    }

    [Theory]
    [InlineData("input_file_id", """{"endpoint":"/v1/chat/completions","completion_window":"24h"}""", 400)]
    [InlineData("endpoint", """{"input_file_id":"FILE","endpoint":"/v1/responses","completion_window":"24h"}""", 400)]
    [InlineData("endpoint", """{"input_file_id":"FILE","completion_window":"24h"}""", 400)]
    [InlineData("completion_window", """{"input_file_id":"FILE","endpoint":"/v1/chat/completions","completion_window":"31d"}""", 400)]
    [InlineData("completion_window", """{"input_file_id":"FILE","endpoint":"/v1/chat/completions","completion_window":"0h"}""", 400)]
    [InlineData("completion_window", """{"input_file_id":"FILE","endpoint":"ENDPOINT","completion_window":"0001h"}""", 400)]
    [InlineData("completion_window", """{"input_file_id":"FILE","endpoint":"/v1/chat/completions"}""", 400)]
    [InlineData("metadata", """{"input_file_id":"FILE","endpoint":"ENDPOINT","completion_window":"1h","metadata":{"a":1}}""", 400)]
    [InlineData("concurrency", """{"input_file_id":"FILE","endpoint":"ENDPOINT","completion_window":"1h","concurrency":0}""", 400)]
    [InlineData(null, """{"input_file_id":"file-0","endpoint":"/v1/chat/completions","completion_window":"24h"}""", 404)]
    [InlineData("body", "", 400)]
    public async Task A_request_that_is_not_right_is_refused_by_its_field(string? field, string body, int status)
    {
        await using var host = await OpenAiHost.StartAsync();
        var file = (await host.UploadAsync(OpenAiHost.Line("a", "one"))).Text("id");

        var error = await host.PostAsync(
            "/v1/batches",
            body.Replace("FILE", file, StringComparison.Ordinal).Replace("ENDPOINT", OpenAiHost.Chat, StringComparison.Ordinal), status);

        Assert.Equal(field, error.GetProperty("param").GetString());
        Assert.Empty((await host.GetAsync("/v1/batches")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_file_of_another_purpose_is_no_batch()
    {
        await using var host = await OpenAiHost.StartAsync();
        var file = (await host.UploadAsync(OpenAiHost.Line("a", "one"), purpose: "evals")).Text("id");

        Assert.Equal("input_file_id", (await host.CreateAsync(file, status: 400)).Text("param"));
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_batch()
    {
        await using var host = await OpenAiHost.StartAsync();
        var file = (await host.UploadAsync(OpenAiHost.Line("a", "one"))).Text("id");

        var (first, second) = (await SendAsync("24h", 200), await SendAsync("24h", 200));

        Assert.Equal(first.Text("id"), second.Text("id"));
        Assert.Equal("Idempotency-Key", (await SendAsync("2h", 400)).Text("param"));

        // An answer that was lost on the way is asked for again when the file is gone.
        await host.UntilAsync(first.Text("id"), batch => batch.Text("status") == "completed");
        (await host.Gateway.SendAsync(HttpMethod.Delete, $"/v1/files/{file}", null)).EnsureSuccessStatusCode();
        Assert.Equal(first.Text("id"), (await SendAsync("24h", 200)).Text("id"));

        async Task<JsonElement> SendAsync(string window, int status) => await OpenAiHost.ReadAsync(
            await host.Gateway.SendAsync(
                HttpMethod.Post, "/v1/batches",
                $$"""{"input_file_id":"{{file}}","endpoint":"{{OpenAiHost.Chat}}","completion_window":"{{window}}"}""",
                ("Idempotency-Key", "k")),
            status);
    }
}
