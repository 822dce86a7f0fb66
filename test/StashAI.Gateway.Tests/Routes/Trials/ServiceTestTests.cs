using System.Text.Json;
using StashAI.Gateway.Tests.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Trials;

/// <summary><c>POST /api/services/{name}/test</c>.</summary>
public sealed class ServiceTestTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        headers:
          Authorization: Bearer ${ECHO_KEY}
        max_parallel: 2
        config:
          token: {type: secret}
        operations:
          go:
            item: {type: object, properties: {text: {type: string}}}
            request: {path: /x, json: {q: "{{ item.text }}", t: "{{ config.token }}"}}
            result: {fields: {said: /said}}
          look:
            item: file
            request: {path: /y, raw: {file: item}}
        """;

    [Fact]
    public async Task One_call_shows_request_answer_and_result_without_secrets_and_stores_nothing()
    {
        await using var host = await StartAsync();
        host.Service.Script = _ => Reply.Json("""{"said":"hi","key":"server-secret-1","token":"job-secret-1"}""");

        var answer = await host.Gateway.PostAsync(
            "/api/services/echo/test",
            """{"item":{"text":"hello"},"config":{"token":"job-secret-1"}}""", 200);

        Assert.True(answer.GetProperty("ok").GetBoolean());
        Assert.Equal("hi", answer.GetProperty("result").Text("said"));
        Assert.Equal(200, answer.GetProperty("answer").GetProperty("status").GetInt32());
        Assert.Equal("POST", answer.GetProperty("request").Text("method"));
        Assert.Contains("hello", answer.GetProperty("request").Text("body"), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(("Bearer server-secret-1", 1), (host.Calls[0].Header("Authorization"), host.Calls.Count));
        await host.Gateway.PostAsync("/api/services/echo/test?operation=look", """{"item":"aGVsbG8gdGhlcmU="}""", 200);
        Assert.Equal(("/y", "hello there"), (host.Calls[1].Path, host.Calls[1].Text));
        Assert.Empty((await host.Gateway.GetAsync("/api/jobs")).GetProperty("data").EnumerateArray());
        var audit = (await host.Gateway.GetAsync("/api/audit")).GetProperty("data")[0];
        Assert.Equal(("test", "echo"), (audit.Text("action"), audit.Text("target_id")));
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(400, false)]
    public async Task An_error_is_the_one_that_a_task_would_get(int status, bool wouldRetry)
    {
        await using var host = await StartAsync();
        host.Service.Script = _ => Reply.Status(status, "no server-secret-1");

        var answer = await host.Gateway.PostAsync("/api/services/echo/test", """{"item":{"text":"x"}}""", 200);

        Assert.False(answer.GetProperty("ok").GetBoolean());
        Assert.Equal(wouldRetry, answer.GetProperty("would_retry").GetBoolean());
        Assert.Equal(status, answer.GetProperty("answer").GetProperty("status").GetInt32());
        Assert.NotNull(answer.Text("error"));
        Assert.DoesNotContain("secret-1", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_task_would_wait_for_or_be_refused_for_is_refused()
    {
        await using var host = await StartAsync();
        host.Service.Script = _ => Reply.Json("{}");
        await host.Gateway.PostAsync("/api/services/echo/test", """{"item":{"txt":"x"}}""", 422);
        await host.Gateway.PostAsync("/api/services/echo/test", """{"items":[{"text":"x"},{"text":"y"}]}""", 422);
        await host.Gateway.PostAsync("/api/services/echo/test?operation=stop", """{"item":{"text":"x"}}""", 422);
        await host.Gateway.PostAsync("/api/services/nobody/test", """{"item":{"text":"x"}}""", 404);
        await host.Gateway.PostAsync("/api/services/interactions/test", """{"item":{"text":"x"}}""", 409);
        await host.Gateway.PostAsync(
            "/api/services/echo/test", """{"item":{"text":"x"},"api_url":"http://169.254.169.254/"}""", 422);
        await host.Gateway.PostAsync("/api/services/echo/pause", "", 200);
        await host.Gateway.PostAsync("/api/services/echo/test", """{"item":{"text":"x"}}""", 409);
        await host.Gateway.PostAsync("/api/services/echo/resume", "", 200);
        Assert.Empty(host.Calls);
        await host.Gateway.PostAsync("/api/services/echo/test", """{"item":{"text":"x"}}""", 200);
    }

    [Fact]
    public async Task A_photo_is_tried_too()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("""{"faces":[]}""");

        var answer = await gateway.PostAsync(
            "/api/services/visage/test", $$"""{"images":["{{GatewayHost.Base64("a photo")}}"]}""", 200);

        Assert.True(answer.GetProperty("ok").GetBoolean(), answer.GetRawText());
        Assert.Equal(JsonValueKind.Object, answer.GetProperty("result").ValueKind);
    }

    private static Task<ServiceHost> StartAsync() =>
        ServiceHost.StartAsync(Yaml, new() { ["ECHO_KEY"] = "server-secret-1" });
}
