using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>
/// What a service answers to <c>stream</c> besides a whole stream: an error before the first event, an error event behind it, and never a
/// completed call.
/// </summary>
public sealed class StreamFaultTests
{
    private const string Chunk = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hel\"}}]}\n\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("<html><title>Sign in</title></html>", "text/html", 502, "Sign in")]
    [InlineData("", "text/event-stream", 502, "empty instead of a stream")]
    [InlineData("[1]", "application/json", 502, "instead of a stream")]
    [InlineData("""{"status":"ok"}""", "application/json", 502, "instead of a stream")]
    [InlineData("""{"error":{"message":"Too long.","type":"invalid_request_error","code":"x"}}""", "application/json", 400, "Too long.")]
    [InlineData("""{"error":"model 'small' not found"}""", "application/json", 502, "not found")]
    [InlineData("""{"error":{"message":"Loading model","code":503}}""", "text/event-stream", 503, "Loading model")]
    [InlineData("data: {\"error\":{\"message\":\"Who?\",\"type\":\"authentication_error\"}}\n\n", "text/event-stream", 401, "Who?")]
    [InlineData("data: oops\n\n", "text/event-stream", 502, "not JSON")]
    [InlineData(": wait\n", "text/event-stream", 502, "ended early")]
    public async Task What_is_no_stream_is_an_error_and_is_not_replayed(string body, string type, int status, string expected)
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = call => call.Number == 1
            ? Reply.Status(200, body, contentType: type)
            : Reply.Status(200, Chunk + "data: [DONE]\n\n", contentType: "text/event-stream");

        using var failed = await SendAsync(host);
        var text = await failed.Content.ReadAsStringAsync(Cancellation);
        using var again = await SendAsync(host);

        Assert.True(status == (int)failed.StatusCode, $"{failed.StatusCode}: {text}");
        using var error = JsonDocument.Parse(text);
        Assert.Contains(expected, error.RootElement.GetProperty("error").ToString(), StringComparison.Ordinal);
        Assert.Single((await host.Gateway.GetAsync("/api/tasks?state=failed")).GetProperty("data").EnumerateArray());
        Assert.Equal(Chunk + "data: [DONE]\n\n", await again.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("", "ended early")]
    [InlineData("data: {\"error\":{\"message\":\"Out of memory.\",\"type\":\"server_error\"}}\n\ndata: [DONE]\n\n", "Out of memory.")]
    [InlineData("data: {\"choices\":[\n\n", "not JSON")]
    [InlineData("data: {\"object\":\"error\",\"message\":\"Out of memory.\",\"code\":500}\n\n", "Out of memory.")]
    public async Task What_breaks_off_ends_with_an_error_event_and_fails(string rest, string expected)
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = _ => Reply.Status(200, Chunk + rest, contentType: "text/event-stream");

        using var answer = await SendAsync(host);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.StartsWith(Chunk, text);
        var last = text[Chunk.Length..];
        Assert.StartsWith("data: {\"error\":{", last);
        Assert.EndsWith("\n\n", last);
        Assert.Contains(expected, last, StringComparison.Ordinal);
        Assert.DoesNotContain("\ndata: [DONE]", last, StringComparison.Ordinal);
        var task = Assert.Single((await host.Gateway.GetAsync("/api/tasks?state=failed")).GetProperty("data").EnumerateArray());
        Assert.Contains(expected, task.Text("error_message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_ends_with_an_error_event()
    {
        await using var host = await OpenAiHost.StartAsync();
        using var gate = new Gate();
        host.Engine.Script = _ => Reply.Drip(Chunk + Chunk, gate, Chunk.Length);
        var call = SendAsync(host);
        gate.LetThrough();
        using var broken = await call;

        await host.Engine.GoDownAsync();

        var text = await broken.Content.ReadAsStringAsync(Cancellation);
        Assert.StartsWith(Chunk + "data: {\"error\":{", text);
        Assert.Single((await host.Gateway.GetAsync("/api/tasks?state=failed")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_service_that_takes_no_notice_of_stream_is_heard_as_a_stream()
    {
        await using var host = await OpenAiHost.StartAsync();

        using var answer = await SendAsync(host);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var events = (await answer.Content.ReadAsStringAsync(Cancellation)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        using var chunk = JsonDocument.Parse(events[0]["data: ".Length..]);
        Assert.Equal("chat.completion.chunk", chunk.RootElement.Text("object"));
        Assert.Equal("hello", chunk.RootElement.GetProperty("choices")[0].GetProperty("delta").Text("content"));
    }

    [Theory]
    [InlineData("""{"error":{"message":"Too long.","type":"invalid_request_error","param":null,"code":null}}""", 400, "Too long.")]
    [InlineData("""{"error":{"message":"Busy.","type":"overloaded_error"}}""", 503, "Busy.")]
    [InlineData("""{"error":"not found"}""", 502, "not found")]
    [InlineData("""{"object":"error","message":"Too long.","type":"BadRequestError","param":null,"code":400}""", 400, "Too long.")]
    [InlineData("[]", 502, "not a JSON object")]
    [InlineData("<html></html>", 502, "HTML page")]
    public async Task An_error_with_a_good_status_fails_a_call_and_a_line(string body, int status, string expected)
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "fail" ? Reply.Json(body) : OpenAiHost.Answer(call);

        using var call = await host.Gateway.SendAsync(HttpMethod.Post, OpenAiHost.Chat, OpenAiHost.Body("fail"));
        var text = await call.Content.ReadAsStringAsync(Cancellation);

        Assert.True(status == (int)call.StatusCode, $"{call.StatusCode}: {text}");
        Assert.Contains(expected, text, StringComparison.Ordinal);
        if (status == 503) return; // Of a batch it is tried again, as with that status.
        var batch = await host.SubmitAsync("", OpenAiHost.Line("a", "fail"), OpenAiHost.Line("b", "fine"));
        var ended = await host.UntilAsync(batch.Text("id"), "completed");
        Assert.Equal((1, 1), (ended.GetProperty("request_counts").Whole("completed"), ended.GetProperty("request_counts").Whole("failed")));
        var line = Assert.Single(await host.LinesAsync(ended.Text("error_file_id")));
        Assert.Equal("a", line.Text("custom_id"));
        Assert.Contains(expected, line.ToString(), StringComparison.Ordinal);
        if (status != 502) Assert.Equal(status, line.GetProperty("response").Whole("status_code"));
    }

    private static async Task<HttpResponseMessage> SendAsync(OpenAiHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, OpenAiHost.Chat)
        {
            Content = new StringContent(
                OpenAiHost.Body("hello").Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal), Encoding.UTF8,
                "application/json"),
        };
        request.Headers.Add("Idempotency-Key", "k");
        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }
}
