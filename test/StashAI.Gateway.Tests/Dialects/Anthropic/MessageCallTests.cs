using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Access;
using StashAI.Gateway.Tests.Dialects.OpenAi;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Access;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.Anthropic;

/// <summary>Direct calls of <c>/v1/messages</c>, and the form of errors under it.</summary>
public sealed class MessageCallTests
{
    private const string Events = "event: message_start\ndata: {\"type\":\"message_start\"}\n\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_gets_the_answer_of_the_service_unread()
    {
        await using var host = await AnthropicHost.StartAsync();

        var answer = await host.PostAsync(AnthropicHost.Messages, AnthropicHost.Params("hello"));
        var refused = await host.PostAsync(AnthropicHost.Messages, AnthropicHost.Params("refused"), 400);
        var broken = await host.PostAsync(AnthropicHost.Messages, AnthropicHost.Params("broken"), 500);

        using var expected = JsonDocument.Parse(AnthropicHost.Message("hello"));
        Assert.True(JsonElement.DeepEquals(expected.RootElement, answer));
        Assert.Equal(("invalid_request_error", "Too long."), (refused.Text("type"), refused.Text("message")));
        Assert.Equal("api_error", broken.Text("type"));
        Assert.Equal(3, host.Services.Calls.Count);
    }

    [Fact]
    public async Task A_call_of_a_service_in_the_form_of_OpenAI_is_mapped_and_back()
    {
        await using var host = await AnthropicHost.StartAsync();

        var answer = await host.PostAsync(AnthropicHost.Messages, AnthropicHost.Params("hello", "small"));
        var refused = await host.PostAsync(AnthropicHost.Messages, AnthropicHost.Params("refused", "small"), 400);
        var unmapped = await host.PostAsync(
            AnthropicHost.Messages, AnthropicHost.Params("hello", "small", ""","top_k":1,"container":"c" """), 400);

        Assert.Equal(
            ("message", "hello", "end_turn"),
            (answer.Text("type"), answer.GetProperty("content")[0].Text("text"), answer.Text("stop_reason")));
        Assert.Equal(("invalid_request_error", "Too long."), (refused.Text("type"), refused.Text("message")));
        Assert.Equal("invalid_request_error", unmapped.Text("type"));
        Assert.Contains("top_k has no counterpart", unmapped.Text("message"), StringComparison.Ordinal);
        Assert.Contains("container has no counterpart", unmapped.Text("message"), StringComparison.Ordinal);
        Assert.All(host.Services.Calls, call => Assert.Equal(OpenAiHost.Chat, call.Path));
        Assert.Equal(2, host.Services.Calls.Count);
    }

    [Fact]
    public async Task A_stream_reaches_the_client_while_it_arrives()
    {
        await using var host = await AnthropicHost.StartAsync();
        using var gate = new Gate();
        const string last = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        host.Engine.Script = _ => Reply.Drip(Events + last, gate, Events.Length);
        using var request = new HttpRequestMessage(HttpMethod.Post, AnthropicHost.Messages)
        {
            Content = new StringContent(
                AnthropicHost.Params("x", more: ""","stream":true"""), Encoding.UTF8, "application/json"),
        };
        var call = host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        gate.LetThrough();

        using var answer = await call;

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[Events.Length];
        await body.ReadExactlyAsync(buffer, Cancellation);
        Assert.Equal(Events, Encoding.UTF8.GetString(buffer));
        gate.Open();
        using var rest = new StreamReader(body);
        Assert.Equal(last, await rest.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task A_stream_of_a_service_in_the_form_of_OpenAI_comes_as_events_of_this_API_while_it_arrives()
    {
        await using var host = await AnthropicHost.StartAsync();
        using var gate = new Gate();
        const string first = "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"hel\"}}]}\n\n";
        const string last = "data: {\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        host.Engine.Script = _ => Reply.Drip(first + last, gate, first.Length);
        using var request = new HttpRequestMessage(HttpMethod.Post, AnthropicHost.Messages)
        {
            Content = new StringContent(
                AnthropicHost.Params("x", "small", ""","stream":true"""), Encoding.UTF8, "application/json"),
        };
        var call = host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        gate.LetThrough();

        using var answer = await call;

        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        using var reader = new StreamReader(body);
        Assert.Equal("event: message_start", await reader.ReadLineAsync(Cancellation));
        gate.Open();
        var rest = await reader.ReadToEndAsync(Cancellation);
        Assert.Contains("\"text\":\"hel\"", rest, StringComparison.Ordinal);
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", rest);
        using var sent = JsonDocument.Parse(Assert.Single(host.Services.Calls).Text);
        Assert.True(sent.RootElement.GetProperty("stream").GetBoolean());
    }

    [Theory]
    [InlineData(
        "claude-x", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy.\"}}\n\n",
        "overloaded_error", "Busy.")]
    [InlineData("claude-x", "", "api_error", "ended early")]
    [InlineData("small", "data: {\"error\":{\"message\":\"Busy.\",\"code\":429}}\n\n", "rate_limit_error", "Busy.")]
    [InlineData("small", "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"abort\"}]}\n\ndata: [DONE]\n\n", "api_error", "'abort'")]
    [InlineData("small", "", "api_error", "ended early")]
    public async Task A_stream_that_breaks_off_ends_with_an_error_event(string model, string rest, string type, string expected)
    {
        await using var host = await AnthropicHost.StartAsync();
        var first = model == "small" ? "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"hel\"}}]}\n\n" : Events;
        host.Engine.Script = _ => Reply.Status(200, first + rest, contentType: "text/event-stream");

        using var answer = await StreamAsync(host, model);
        var events = (await answer.Content.ReadAsStringAsync(Cancellation)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.StartsWith("event: message_start\n", events[0]);
        Assert.StartsWith("event: error\ndata: ", events[^1]);
        using var error = JsonDocument.Parse(events[^1]["event: error\ndata: ".Length..]);
        Assert.Equal("error", error.RootElement.Text("type"));
        Assert.Equal(type, error.RootElement.GetProperty("error").Text("type"));
        Assert.Contains(expected, error.RootElement.GetProperty("error").Text("message"), StringComparison.Ordinal);
        Assert.Single((await host.Gateway.GetAsync("/api/tasks?state=failed")).GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("claude-x")]
    [InlineData("small")]
    public async Task A_service_that_takes_no_notice_of_stream_is_heard_as_a_stream(string model)
    {
        await using var host = await AnthropicHost.StartAsync();

        using var answer = await StreamAsync(host, model);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("event: message_start\n", text);
        Assert.Contains("\"text\":\"x\"", text, StringComparison.Ordinal);
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", text);
    }

    [Theory]
    [InlineData("claude-x")]
    [InlineData("small")]
    public async Task An_error_with_a_good_status_fails_a_call_and_a_request(string model)
    {
        await using var host = await AnthropicHost.StartAsync();
        host.Engine.Script = _ => Reply.Json("""{"type":"error","error":{"type":"not_found_error","message":"No such thing."}}""");

        var call = await host.PostAsync(AnthropicHost.Messages, AnthropicHost.Params("x", model), 404);
        var ended = await host.EndAsync(await host.SubmitAsync(AnthropicHost.Request("a", "x", model)));

        Assert.Equal(("not_found_error", "No such thing."), (call.Text("type"), call.Text("message")));
        Assert.Equal((0, 0, 1, 0, 0), AnthropicHost.Counts(ended));
        var error = Assert.Single(await host.ResultsAsync(ended)).GetProperty("result").GetProperty("error").GetProperty("error");
        Assert.Equal(("not_found_error", "No such thing."), (error.Text("type"), error.Text("message")));
    }

    [Fact]
    public async Task The_beta_resources_of_the_SDKs_work()
    {
        await using var host = await AnthropicHost.StartAsync();

        await host.PostAsync($"{AnthropicHost.Messages}?beta=true", AnthropicHost.Params("hello"));
        var batch = await host.PostAsync($"{AnthropicHost.Batches}?beta=true", AnthropicHost.Body(AnthropicHost.Request("a", "x")));
        await host.EndAsync(batch);
        var path = $"{AnthropicHost.Batches}/{batch.Text("id")}";

        await host.GetAsync($"{path}?beta=true");
        await host.GetAsync($"{AnthropicHost.Batches}?beta=true&limit=1");
        Assert.Contains("\"a\"", await host.Http.GetStringAsync($"{path}/results?beta=true", Cancellation), StringComparison.Ordinal);
        await host.PostAsync($"{path}/cancel?beta=true", status: 400);
        await host.SendAsync(HttpMethod.Delete, $"{path}?beta=true");
        Assert.Equal("beta", (await host.PostAsync($"{AnthropicHost.Messages}?beta=some", AnthropicHost.Params("x"), 400)).Text("param"));
    }

    [Fact]
    public async Task Calls_that_no_service_takes_are_refused_by_their_field()
    {
        await using var host = await AnthropicHost.StartAsync();

        Assert.Equal("model", (await host.PostAsync(AnthropicHost.Messages, AnthropicHost.Params("x", "other"), 404)).Text("param"));
        Assert.Equal("model", (await host.PostAsync(AnthropicHost.Messages, "{}", 400)).Text("param"));
        Assert.Equal("body", (await host.PostAsync(AnthropicHost.Messages, "[]", 400)).Text("param"));
        // Not every route of Anthropic's is there.
        var tokens = await host.PostAsync($"{AnthropicHost.Messages}/count_tokens", AnthropicHost.Params("x"), 404);
        Assert.Equal("not_found_error", tokens.Text("type"));
        Assert.Empty(host.Services.Calls);
    }

    private static async Task<HttpResponseMessage> StreamAsync(AnthropicHost host, string model)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AnthropicHost.Messages)
        {
            Content = new StringContent(AnthropicHost.Params("x", model, ""","stream":true"""), Encoding.UTF8, "application/json"),
        };
        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    [Fact]
    public async Task Errors_have_the_form_that_the_SDKs_read_and_a_key_may_come_in_their_header()
    {
        var keys = new Dictionary<ApiScope, string>();
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["MAX_BODY_BYTES"] = "100000", ["MAX_ENVELOPE_BYTES"] = "50000" },
            prepare: async store =>
            {
                foreach (var scope in (ApiScope[])[ApiScope.Read, ApiScope.Submit])
                    keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
            });

        Assert.Equal("authentication_error", await TypeAsync(HttpMethod.Get, "/batches", null, 401));
        Assert.Equal("authentication_error", await TypeAsync(HttpMethod.Get, "/batches", "sk-wrong", 401));
        Assert.Equal("permission_error", await TypeAsync(HttpMethod.Post, "/batches", keys[ApiScope.Read], 403));
        Assert.Equal("not_found_error", await TypeAsync(HttpMethod.Get, "/batches/x/nothing", keys[ApiScope.Read], 404));
        Assert.Equal("invalid_request_error", await TypeAsync(HttpMethod.Put, "/batches", keys[ApiScope.Submit], 405));
        Assert.Equal(
            "request_too_large", await TypeAsync(HttpMethod.Post, "/batches", keys[ApiScope.Submit], 413, new string('x', 200_000)));
        foreach (var isBearer in (bool[])[true, false])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, AnthropicHost.Batches);
            if (isBearer) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys[ApiScope.Read]);
            else request.Headers.Add("x-api-key", keys[ApiScope.Read]);
            var page = await AnthropicHost.ReadAsync(await gateway.Http.SendAsync(request, Cancellation), 200);
            Assert.Empty(page.GetProperty("data").EnumerateArray());
        }

        async Task<string> TypeAsync(HttpMethod method, string path, string? key, int status, string body = "{}")
        {
            using var request = new HttpRequestMessage(method, AnthropicHost.Messages + path);
            if (key is not null) request.Headers.Add("x-api-key", key);
            if (method != HttpMethod.Get) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            return (await AnthropicHost.ReadAsync(await gateway.Http.SendAsync(request, Cancellation), status)).Text("type");
        }
    }
}
