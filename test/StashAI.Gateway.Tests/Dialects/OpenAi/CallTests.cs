using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Access;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Access;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>Direct calls, models, and the form of errors under <c>/v1</c>.</summary>
public sealed class CallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_gets_the_answer_of_the_service_unread()
    {
        await using var host = await OpenAiHost.StartAsync();

        var answer = await host.PostAsync(OpenAiHost.Chat, OpenAiHost.Body("hello"));
        var refused = await host.PostAsync(OpenAiHost.Chat, OpenAiHost.Body("refused"), 400);
        var broken = await host.PostAsync(OpenAiHost.Chat, OpenAiHost.Body("broken"), 500);

        using var expected = JsonDocument.Parse(OpenAiHost.Completion("hello"));
        Assert.True(JsonElement.DeepEquals(expected.RootElement, answer));
        Assert.Equal("context_length_exceeded", refused.Text("code"));
        Assert.Equal("server_error", broken.Text("type"));
        // The client decides whether to try again.
        Assert.Equal(3, host.Services.Calls.Count);
    }

    /// <summary>The SDKs show what <c>error</c> says and nothing else; vLLM and what stands on FastAPI answer otherwise.</summary>
    [Theory]
    [InlineData("""{"object":"error","message":"Long.","type":"BadRequestError","param":null,"code":400}""", "Long.", "BadRequestError")]
    [InlineData("""{"detail":"No such model."}""", "No such model.", "invalid_request_error")]
    [InlineData("""{"error":{"message":"Own.","type":"own"}}""", "Own.", "own")]
    [InlineData("""{"error":null,"message":"Said."}""", "Said.", "invalid_request_error")]
    public async Task A_refusal_has_an_error_whatever_its_form_and_keeps_its_own_fields(string body, string message, string type)
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = _ => Reply.Status(400, body, contentType: "application/json");

        var refused = await host.PostAsync(OpenAiHost.Chat, OpenAiHost.Body("hello"), 400);

        Assert.Equal((message, type), (refused.Text("message"), refused.Text("type")));
        using var own = JsonDocument.Parse(body);
        // They come along, so that nothing that the service said is lost.
        foreach (var field in own.RootElement.EnumerateObject().Where(field => field.Name != "error"))
            Assert.True(JsonElement.DeepEquals(field.Value, refused.GetProperty(field.Name)), field.Name);
    }

    [Fact]
    public async Task A_call_overtakes_the_lines_of_a_batch_within_one_slot()
    {
        await using var host = await OpenAiHost.StartAsync(workers: 1);
        using var gate = new Gate();
        host.Engine.Script = call => Reply.Hold(gate, Reply.Json(OpenAiHost.Completion(OpenAiHost.LastMessage(call))));
        var batch = await host.SubmitAsync("", [.. Enumerable.Range(0, 20).Select(i => OpenAiHost.Line($"{i}", "bulk"))]);
        await host.Engine.Ledger.WaitForCallsAsync(1, Cancellation);

        var call = host.PostAsync(OpenAiHost.Chat, OpenAiHost.Body("direct"));
        while ((await host.Gateway.GetAsync("/api/queue/jobs?limit=10")).GetProperty("jobs").GetArrayLength() < 2)
            await Task.Yield();
        gate.Open();
        await call;

        await host.UntilAsync(batch.Text("id"), "completed");
        var order = host.Services.Calls.Select(OpenAiHost.LastMessage).ToList();
        // One line ran, and one may have been claimed ahead.
        Assert.True(order.IndexOf("direct") is >= 1 and <= 2, string.Join(' ', order));
    }

    [Fact]
    public async Task A_client_that_goes_away_cancels_its_call()
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = _ => Reply.Hang();
        using var away = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var body = new StringContent(OpenAiHost.Body("x"), Encoding.UTF8, "application/json");
        var call = host.Http.PostAsync(OpenAiHost.Chat, body, away.Token);
        await host.Engine.Ledger.WaitForCallsAsync(1, Cancellation);

        await away.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await CancelledAsync(host);
    }

    [Fact]
    public async Task A_stream_reaches_the_client_while_it_arrives()
    {
        const string first = "data: {\"a\":1}\n\n";
        await using var host = await OpenAiHost.StartAsync();
        using var gate = new Gate();
        host.Engine.Script = _ => Reply.Drip(first + "data: [DONE]\n\n", gate, first.Length);
        var call = StreamAsync(host, "x", Cancellation);
        gate.LetThrough();

        using var answer = await call;

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        // Neither a proxy nor a cache keeps events back.
        Assert.Equal("no", answer.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.True(answer.Headers.CacheControl is { NoCache: true, NoTransform: true });
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[first.Length];
        await body.ReadExactlyAsync(buffer, Cancellation);
        Assert.Equal(first, Encoding.UTF8.GetString(buffer));
        gate.Open();
        using var rest = new StreamReader(body);
        Assert.Equal("data: [DONE]\n\n", await rest.ReadToEndAsync(Cancellation));
        // The whole answer is kept, as of any task.
        Assert.Single((await host.Gateway.GetAsync("/api/tasks?state=completed")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_client_that_leaves_a_stream_ends_the_call_of_the_service()
    {
        await using var host = await OpenAiHost.StartAsync();
        using var gate = new Gate();
        host.Engine.Script = _ => Reply.Drip("data: 1\n\ndata: 2\n\n", gate, 9);
        using var away = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = StreamAsync(host, "x", away.Token);
        gate.LetThrough();
        using var answer = await call;
        var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[9], Cancellation);

        answer.Dispose();

        await host.Engine.Ledger.WaitForDisconnectAsync(Cancellation);
    }

    [Fact]
    public async Task A_client_that_leaves_behind_the_end_of_a_stream_has_its_answer()
    {
        const string whole = "data: {\"a\":1}\n\ndata: [DONE]\n\n";
        await using var host = await OpenAiHost.StartAsync();
        using var gate = new Gate();
        // The service keeps its answer open.
        host.Engine.Script = _ => Reply.Drip(whole + ": bye\n\n", gate, whole.Length);
        var call = StreamAsync(host, "x", Cancellation);
        gate.LetThrough();
        using var answer = await call;
        var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[whole.Length], Cancellation);

        answer.Dispose();

        await host.Engine.Ledger.WaitForDisconnectAsync(Cancellation);
        var task = await EndedAsync(host);
        Assert.Equal("completed", task.Text("state"));
    }

    [Fact]
    public async Task A_stream_that_broke_is_not_begun_anew_behind_what_the_client_has()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: $"{OpenAiHost.Yaml}circuit: {{failures: 1, first_pause: 1s}}\n");
        using var gate = new Gate();
        host.Engine.Script = _ => Reply.Drip("data: 1\n\ndata: 2\n\n", gate, 9);
        var call = StreamAsync(host, "x", Cancellation);
        gate.LetThrough();
        using var broken = await call;
        await using var body = await broken.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[9], Cancellation);

        // The circuit opens, and would have the call made again once the service is back.
        await host.Engine.GoDownAsync();
        gate.Open();
        await host.Engine.ComeBackAsync(Cancellation);

        using var rest = new StreamReader(body);
        Assert.Contains("\"error\":{", await rest.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        Assert.Single((await host.Gateway.GetAsync("/api/tasks?state=failed")).GetProperty("data").EnumerateArray());
        Assert.Single(host.Services.Calls);
    }

    [Fact]
    public async Task A_stream_that_broke_before_its_first_piece_is_made_again()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: $"{OpenAiHost.Yaml}circuit: {{failures: 1, first_pause: 1ms}}\n");
        host.Engine.Script = call => call.Try == 1 ? Reply.Reset() : Reply.Json("data: 1\n\ndata: [DONE]\n\n");

        using var answer = await StreamAsync(host, "x", Cancellation);

        Assert.Equal("data: 1\n\ndata: [DONE]\n\n", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(2, host.Services.Calls.Count);
    }

    [Theory]
    [InlineData("garbage", "false")]
    [InlineData("reset", null)]
    public async Task Only_a_failure_that_would_come_again_is_not_to_be_repeated(string text, string? expected)
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = _ => text == "garbage" ? Reply.Garbage() : Reply.Reset();

        using var answer = await host.Gateway.SendAsync(HttpMethod.Post, OpenAiHost.Chat, OpenAiHost.Body(text));

        Assert.Equal(expected, answer.Headers.TryGetValues("x-should-retry", out var values) ? values.Single() : null);
        await OpenAiHost.ReadAsync(answer, 502);
    }

    [Fact]
    public async Task A_call_has_a_deadline_for_when_nobody_is_left_to_cancel_it()
    {
        await using var host = await OpenAiHost.StartAsync();
        await host.PostAsync(OpenAiHost.Chat, OpenAiHost.Body("hello"));
        var task = (await host.Gateway.GetAsync("/api/tasks?state=completed")).GetProperty("data")[0];

        var job = await host.Gateway.GetAsync($"/api/jobs/{task.Text("job_id")}");

        var time = job.GetProperty("deadline_at").GetDateTimeOffset() - job.GetProperty("created_at").GetDateTimeOffset();
        Assert.InRange(time, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public async Task A_repeated_key_gets_the_answer_of_a_call_that_completed_and_of_no_other()
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = call => call.Try == 1 ? Reply.Status(500, "no") : OpenAiHost.Answer(call);

        await OpenAiHost.ReadAsync(await SendAsync("first"), 500);
        await OpenAiHost.ReadAsync(await SendAsync("first"), 200);
        await OpenAiHost.ReadAsync(await SendAsync("first"), 200);
        Assert.Equal(2, host.Services.Calls.Count);
        await OpenAiHost.ReadAsync(await SendAsync("second"), 200);
        await OpenAiHost.ReadAsync(await SendAsync("second"), 200);

        Assert.Equal(3, host.Services.Calls.Count);

        Task<HttpResponseMessage> SendAsync(string key) => host.Gateway.SendAsync(
            HttpMethod.Post, OpenAiHost.Chat, OpenAiHost.Body("hello"), ("Idempotency-Key", key));
    }

    [Fact]
    public async Task Calls_that_no_service_takes_are_refused_by_their_field()
    {
        await using var host = await OpenAiHost.StartAsync();

        Assert.Equal("model_not_found", (await host.PostAsync(OpenAiHost.Chat, OpenAiHost.Body("x", "other"), 404)).Text("code"));
        Assert.Equal("model_not_found", (await host.PostAsync("/v1/responses", OpenAiHost.Body("x"), 404)).Text("code"));
        Assert.Equal("model", (await host.PostAsync(OpenAiHost.Chat, "{}", 400)).Text("param"));
        Assert.Equal("stream", (await host.PostAsync("/v1/embeddings", """{"model":"small","stream":true}""", 400)).Text("param"));
        Assert.Equal("body", (await host.PostAsync(OpenAiHost.Chat, "[]", 400)).Text("param"));
        Assert.Equal(
            "stream", (await host.PostAsync(OpenAiHost.Chat, """{"model":"small","stream":"true"}""", 400)).Text("param"));
        Assert.Equal(
            "messages[0].role",
            (await host.PostAsync(OpenAiHost.Chat, """{"model":"small","messages":[{"role":"a","role":"b"}]}""", 400)).Text("param"));
        Assert.Empty(host.Services.Calls);
    }

    /// <summary>Completes once a task is cancelled.</summary>
    private static async Task CancelledAsync(OpenAiHost host) => Assert.Equal("cancelled", (await EndedAsync(host)).Text("state"));

    /// <summary>The only task, once it has ended.</summary>
    private static async Task<JsonElement> EndedAsync(OpenAiHost host)
    {
        using var watch = new FeedWatch(host.Gateway.Feed);
        while (true)
        {
            var next = watch.Next;
            var tasks = await host.Gateway.GetAsync("/api/tasks?state=completed,failed,cancelled");
            if (tasks.GetProperty("data").GetArrayLength() == 1) return tasks.GetProperty("data")[0];
            await next.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        }
    }

    private static async Task<HttpResponseMessage> StreamAsync(OpenAiHost host, string text, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, OpenAiHost.Chat)
        {
            Content = new StringContent(
                OpenAiHost.Body(text).Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal), Encoding.UTF8,
                "application/json"),
        };
        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    [Fact]
    public async Task Models_are_those_that_declarations_list()
    {
        await using var host = await OpenAiHost.StartAsync();

        var models = await host.GetAsync("/v1/models");

        Assert.Equal(["small"], models.GetProperty("data").EnumerateArray().Select(model => model.Text("id")));
        Assert.Equal("echo", (await host.GetAsync("/v1/models/small")).Text("owned_by"));
        await host.GetAsync("/v1/models/large-1", 404);
    }

    [Fact]
    public async Task Errors_have_the_form_that_the_SDKs_read()
    {
        var keys = new Dictionary<ApiScope, string>();
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["MAX_BODY_BYTES"] = "100000", ["MAX_ENVELOPE_BYTES"] = "50000" },
            prepare: async store =>
            {
                foreach (var scope in (ApiScope[])[ApiScope.Read, ApiScope.Submit])
                    keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
            });

        Assert.Equal("authentication_error", await TypeAsync(HttpMethod.Get, "/v1/files", null, 401));
        Assert.Equal("authentication_error", await TypeAsync(HttpMethod.Get, "/v1/files", "sk-wrong", 401));
        Assert.Equal("permission_error", await TypeAsync(HttpMethod.Post, "/v1/batches", keys[ApiScope.Read], 403));
        Assert.Equal("not_found_error", await TypeAsync(HttpMethod.Get, "/v1/nothing", keys[ApiScope.Read], 404));
        Assert.Equal("invalid_request_error", await TypeAsync(HttpMethod.Put, "/v1/files", keys[ApiScope.Submit], 405));
        Assert.Equal(
            "invalid_request_error", await TypeAsync(HttpMethod.Post, "/v1/batches", keys[ApiScope.Submit], 413, new string('x', 200_000)));
        // All other routes keep their own form.
        using var other = await gateway.SendAsync(HttpMethod.Get, "/api/jobs");
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType!.MediaType);
        string? last = null;
        for (var i = 0; i < 30 && last != "rate_limit_error"; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/files");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"sk-wrong-{i}");
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            using var response = await gateway.Http.SendAsync(request, Cancellation);
            last = (await OpenAiHost.ReadAsync(response, (int)response.StatusCode)).Text("type");
        }

        Assert.Equal("rate_limit_error", last);

        async Task<string> TypeAsync(HttpMethod method, string path, string? key, int status, string body = "{}")
        {
            using var request = new HttpRequestMessage(method, path);
            if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            if (method != HttpMethod.Get) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            var error = await OpenAiHost.ReadAsync(await gateway.Http.SendAsync(request, Cancellation), status);
            Assert.Equal(["code", "message", "param", "type"], error.EnumerateObject().Select(field => field.Name).Order());
            return error.Text("type");
        }
    }
}
