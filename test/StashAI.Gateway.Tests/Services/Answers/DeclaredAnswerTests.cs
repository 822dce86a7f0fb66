using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>Calls of declared services, and what becomes of the answers.</summary>
public sealed class DeclaredAnswerTests
{
    private const string Sending = "\n  send: {item: file, request: {path: /sent, raw: {file: item}}}\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Dictionary<string, string?> Fetching => new() { ["ALLOWED_FETCH_HOSTS"] = "127.0.0.1" };

    [Theory]
    [InlineData("NaN", "has NaN")]
    [InlineData("", "is empty")]
    [InlineData("{\"other\":1}", "has nothing at /text")]
    [InlineData("<html><title>Login</title>", "'Login'")]
    [InlineData("{\"text\":1}\n{\"text\":2}", "stream")]
    public async Task An_answer_that_will_not_change_is_asked_for_once(string answer, string words)
    {
        await using var host = await ServiceHost.StartAsync(Yaml());
        host.Service.Script = _ => Reply.Json(answer);

        var task = await RunAsync(host);

        Assert.Equal("invalid_answer", task.Text("error_kind"));
        Assert.Contains(words, task.Text("error_message"), StringComparison.Ordinal);
        Assert.Single(host.Calls);
    }

    [Theory]
    [InlineData(200, "{\"text\":\"Sorry: INSUFFICIENT_quota\"}", "result: /text")]
    [InlineData(200, "no JSON: insufficient_quota", "result: {format: text}")]
    [InlineData(200, "no JSON: insufficient_quota", "")]
    [InlineData(429, "{\"error\":{\"code\":\"insufficient_quota\"}}", "")]
    [InlineData(503, "insufficient_quota, overloaded", "")]
    public async Task A_text_of_an_answer_can_mean_failure(int status, string answer, string result)
    {
        await using var host = await ServiceHost.StartAsync(
            Yaml($"{result}\n    errors: {{fail_text: [insufficient_quota], retry_text: [overloaded]}}"));
        host.Service.Script = _ => Reply.Status(status, answer);

        var task = await RunAsync(host);

        Assert.Equal("rejected", task.Text("error_kind"));
        Assert.Contains($"answered {status} with 'insufficient_quota'", task.Text("error_message"), StringComparison.Ordinal);
        Assert.Single(host.Calls);
    }

    [Fact]
    public async Task A_retry_text_makes_an_invalid_answer_worth_another_call()
    {
        await using var host = await ServiceHost.StartAsync(Yaml("result: /text\n    errors: {retry_text: [warming up]}"));
        host.Service.Script = call => Reply.Json(call.Number == 1 ? "{\"state\":\"Warming up\"}" : "{\"text\":\"x\"}");

        Assert.Equal("finished", (await RunAsync(host)).Text("status"));
        Assert.Equal(2, host.Calls.Count);
    }

    [Fact]
    public void An_empty_fail_text_is_refused()
    {
        var result = DeclarationReader.Read(
            Yaml("errors: {fail_text: [\"\"]}").Replace("${ECHO_URL}", "http://127.0.0.1:1", StringComparison.Ordinal));

        Assert.Contains(result.Errors, error => error.Message.Contains("fail_text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("errors: {message: /detail}", true)]
    [InlineData("errors: {in_answer: /detail}", false)]
    [InlineData("result: {fields: {detail: /detail}}\n    fold: {details: {count_by: /detail}}", false)]
    public async Task Half_of_a_surrogate_pair_is_never_a_fault_of_the_adapter(string more, bool isError)
    {
        await using var host = await ServiceHost.StartAsync(Yaml(more));
        host.Service.Script = _ => Reply.Json("{\"te\\udc80xt\":1,\"detail\":\"bad byte \\udc80 in name\"}", isError ? 400 : 200);

        var task = await RunAsync(host);

        var isFailure = isError || more.Contains("in_answer", StringComparison.Ordinal);
        Assert.Equal(isFailure ? "failed" : "finished", task.Text("status"));
        if (isFailure) Assert.Contains("bad byte", task.Text("error_message"), StringComparison.Ordinal);
        Assert.Single(host.Calls);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("headers: {user-agent: mine/2}\n", "mine/2")]
    public async Task Calls_and_fetches_have_a_User_Agent_unless_the_declaration_sets_it(string headers, string? agent)
    {
        Assert.Matches("^StashAI/[0-9]+[.][0-9]+[.][0-9]+$", CallDefaults.UserAgent);
        await using var files = await ScriptedService.StartAsync(Cancellation);
        await using var host = await ServiceHost.StartAsync(headers + Yaml() + Sending, Fetching);
        host.Service.Script = _ => Reply.Json("{\"text\":\"x\"}");
        files.Script = _ => Reply.Status(200, "a text", contentType: "text/plain");

        await host.RunAsync("/api/echo/batch/run", """{"items":["x"]}""");
        await host.RunAsync("/api/echo/batch/send", $$"""{"items":[{"url":"{{files.Url}}/text"}]}""");

        Assert.Equal(["/x", "/sent"], host.Calls.Select(call => call.Path));
        Assert.All(host.Calls, call => Assert.Equal(agent ?? CallDefaults.UserAgent, call.Header("User-Agent")));
        Assert.Equal(CallDefaults.UserAgent, Assert.Single(files.Ledger.Calls).Call!.Header("User-Agent"));
    }

    [Fact]
    public async Task The_reason_of_a_refused_fetch_is_told()
    {
        await using var files = await ScriptedService.StartAsync(Cancellation);
        await using var host = await ServiceHost.StartAsync(Yaml() + Sending, Fetching);
        files.Script = _ => Reply.Status(403, "Please set a user agent", contentType: "text/plain");

        var job = await host.RunAsync("/api/echo/batch/send", $$"""{"items":[{"url":"{{files.Url}}/picture"}]}""");

        Assert.EndsWith(
            "answered 403: Please set a user agent", job.GetProperty("tasks")[0].Text("error_message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?api-version=1", "/v1/x?api-version=1&k=1")]
    [InlineData("/?api-version=1&b=%20", "/v1/x?api-version=1&b=%20&k=1")]
    [InlineData("", "/v1/x?k=1")]
    public async Task The_query_of_an_address_is_sent(string query, string sent)
    {
        await using var host = await ServiceHost.StartAsync(
            Yaml().Replace("${ECHO_URL}", "${ECHO_URL}/v1" + query, StringComparison.Ordinal)
                .Replace("path: /x,", "path: /x, query: {k: '1'},", StringComparison.Ordinal));
        host.Service.Script = _ => Reply.Json("{\"text\":\"x\"}");

        await RunAsync(host);
        await host.RunAsync("/api/echo/job", $$"""{"items":["x"],"api_url":"{{host.Service.Url}}/v1?tenant=7"}""");

        Assert.Equal(sent, host.Calls[0].Path);
        Assert.Contains("tenant=7", host.Calls[1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_and_its_service_say_why_they_wait_and_a_changed_declaration_is_called_at_once()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml());
        host.Service.Script = call => call.Header("X-Key") is null
            ? Reply.Status(
                429, "{\"error\":{\"code\":\"insufficient_quota\"},\"detail\":\"You are out of credit.\"}", TimeSpan.FromHours(1))
            : Reply.Json("{\"text\":\"x\"}");
        using var watch = new FeedWatch(host.Gateway.Feed);
        var id = (await host.Gateway.PostAsync("/api/echo/job", """{"items":["a","b","c"]}""")).Text("job_id");

        var waiting = await WaitingAsync();

        Assert.Equal(host.Service.Url.TrimEnd('/'), waiting.Text("address"));
        Assert.Equal("throttled", waiting.Text("error_kind"));
        Assert.Equal(429, waiting.Whole("http_status"));
        Assert.Contains("out of credit", waiting.Text("error_message"), StringComparison.Ordinal);
        Assert.True(waiting.GetProperty("since").GetDateTimeOffset() < waiting.GetProperty("next_try_at").GetDateTimeOffset());
        Assert.Contains(
            "out of credit",
            (await host.Gateway.GetAsync($"/api/queue/status/{id}")).GetProperty("waiting").GetRawText(),
            StringComparison.Ordinal);
        var lane = (await host.Gateway.GetAsync("/api/services/echo")).GetProperty("lanes")[0];
        Assert.Contains("out of credit", lane.GetProperty("waiting").GetRawText(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(host.Folder.File("echo.yaml"), "headers: {X-Key: new}\n" + Yaml(), Cancellation);
        await host.Gateway.Services.GetRequiredService<ServiceReloader>().ReloadAsync(Cancellation);

        var done = await host.Gateway.EndOfAsync(id);
        Assert.Equal("completed", done.Text("status"));
        Assert.True(done.IsNull("waiting"));

        async Task<JsonElement> WaitingAsync()
        {
            while (true)
            {
                var next = watch.Next;
                var job = await host.Gateway.GetAsync($"/api/queue/job/{id}");
                if (!job.IsNull("waiting")) return job.GetProperty("waiting");
                await next.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            }
        }
    }

    private static async Task<JsonElement> RunAsync(ServiceHost host) =>
        (await host.RunAsync("/api/echo/job", """{"items":["x"],"config":{"max_retries":2}}""")).GetProperty("tasks")[0];

    private static string Yaml(string more = "result: /text") => $$$"""
        name: echo
        url: ${ECHO_URL}
        operations:
          run:
            item: string
            request: {path: /x, json: {q: "{{ item }}"}}
            {{{more}}}
        """;
}
