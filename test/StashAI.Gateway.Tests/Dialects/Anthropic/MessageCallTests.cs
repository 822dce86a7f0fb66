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
