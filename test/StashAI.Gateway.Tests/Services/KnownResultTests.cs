using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>`cache` of a declaration and of a job: equal items are called once, and what was not called is not counted as called.</summary>
public sealed class KnownResultTests
{
    private const string Echo = """
        name: echo
        url: ${ECHO_URL}
        headers: {X-Api-Key: "${ECHO_KEY:-none}", X-Model: "${ECHO_MODEL:-one}"}
        config:
          language: {type: string, default: en}
          password: {type: secret}
        operations:
          shout:
            item: string
            cost: 0.5
            request: {path: /shout, json: {text: "{{ item }}", language: "{{ config.language }}"}}
            fold: {answers: {count: ""}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_says_that_it_reuses_results_and_counts_those_that_it_reused()
    {
        await using var host = await StartAsync(Echo);
        var first = await host.RunAsync("/api/echo/batch", """{"items":["a","b","a"],"config":{"cache":"use"}}""");
        Assert.Equal(("use", 3, 1), (first.Text("cache"), first.Whole("completed_tasks"), first.Whole("cached_tasks")));
        Assert.Equal(3, first.GetProperty("aggregate_results").Whole("answers"));

        var again = await host.RunAsync("/api/echo/batch", """{"items":["b","a"],"config":{"cache":"use","priority":9}}""");

        Assert.Equal(2, host.Calls.Count);
        Assert.Equal(2, again.Whole("cached_tasks"));
        Assert.Equal(0, again.Number("total_processing_time_ms"));
        Assert.Equal(OutputOf(first, 0), OutputOf(again, 1));
        Assert.Equal(OutputOf(first, 1), OutputOf(again, 0));
        var entry = await host.Gateway.GetAsync($"/api/jobs/{again.Text("job_id")}");
        Assert.Equal(("use", 2), (entry.Text("cache"), entry.GetProperty("tasks").Whole("cached")));
        var list = await host.Gateway.GetAsync("/api/jobs");
        Assert.Equal(2, list.GetProperty("data")[0].GetProperty("tasks").Whole("cached"));
        var tasks = await host.Gateway.GetAsync($"/api/jobs/{again.Text("job_id")}/tasks");
        Assert.All(tasks.GetProperty("data").EnumerateArray(), task => Assert.True(task.GetProperty("cached").GetBoolean()));
        Assert.Contains(
            """stashai_tasks_cached_total{otel_scope_name="StashAI.Queue",service="echo"} 3""",
            await host.Gateway.Http.GetStringAsync("/metrics", Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cache: use\n", "", 1)]
    [InlineData("cache: off\n", "", 3)]
    [InlineData("", "", 3)]
    [InlineData("cache: use\n", "off", 3)]
    [InlineData("cache: off\n", "use", 1)]
    [InlineData("cache: refresh\n", "", 1)]
    public async Task A_job_comes_before_its_declaration(string declared, string asked, int calls)
    {
        await using var host = await StartAsync(declared + Echo);
        var config = asked.Length == 0 ? "{}" : $$"""{"cache":"{{asked}}"}""";

        await host.RunAsync("/api/echo/batch", $$"""{"items":["a","a","a"],"config":{{config}}}""");

        Assert.Equal(calls, host.Calls.Count);
    }

    [Fact]
    public async Task An_operation_comes_before_its_service_and_a_form_and_lines_may_ask_too()
    {
        var yaml = "cache: refresh\n" + Echo.Replace("    cost: 0.5", "    cost: 0.5\n    cache: use", StringComparison.Ordinal);
        await using var host = await StartAsync(yaml);
        Assert.Equal("use", (await host.RunAsync("/api/echo/batch", """{"items":["a"]}""")).Text("cache"));
        var lines = await host.SendAsync("/api/echo/batch?cache=off", ServiceHost.Lines("\"a\""));
        Assert.Equal("off", (await host.Gateway.EndOfAsync(lines.Text("job_id"))).Text("cache"));
        Assert.Equal(2, host.Calls.Count);
    }

    [Fact]
    public async Task Refresh_calls_and_replaces_and_a_rerun_does_as_its_source_unless_told()
    {
        await using var host = await StartAsync(Echo);
        var first = await host.RunAsync("/api/echo/batch", """{"items":["a"],"config":{"cache":"use"}}""");
        var fresh = await host.RunAsync("/api/echo/batch", """{"items":["a","a"],"config":{"cache":"refresh"}}""");
        Assert.Equal((2, 1), (host.Calls.Count, fresh.Whole("cached_tasks")));
        Assert.NotEqual(OutputOf(first, 0), OutputOf(fresh, 0));

        var again = await host.RunAsync($"/api/jobs/{first.Text("job_id")}/rerun", "{}");
        Assert.Equal(("use", 1), (again.Text("cache"), again.Whole("cached_tasks")));
        Assert.Equal(OutputOf(fresh, 0), OutputOf(again, 0));
        var anew = await host.RunAsync($"/api/jobs/{first.Text("job_id")}/rerun", """{"config":{"cache":"off"}}""");
        Assert.Equal(("off", 0, 3), (anew.Text("cache"), anew.Whole("cached_tasks"), host.Calls.Count));
    }

    [Theory]
    [InlineData("""{"items":["a"],"config":{"cache":"yes"}}""", "config.cache")]
    [InlineData("""{"items":["a"],"config":{"cache":true}}""", "config.cache")]
    [InlineData("""{"items":["a"],"config":{"cache":1}}""", "config.cache")]
    public async Task Another_word_is_refused_by_name(string body, string field)
    {
        await using var host = await StartAsync(Echo);

        var problem = await host.SendAsync("/api/echo/batch", new StringContent(body, Encoding.UTF8, "application/json"), 422);

        Assert.Contains(field, problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Visage_refuses_because_of_its_gallery()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var content = new StringContent("""{"images":["aGk="],"config":{"cache":"use"}}""", Encoding.UTF8, "application/json");
        using var response = await gateway.Http.PostAsync("/api/visage/job", content, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("config.cache: 'use' is not possible: results of visage depend on the gallery", text, StringComparison.Ordinal);
        Assert.Contains("/rematch", text, StringComparison.Ordinal);
        using var off = new StringContent("""{"images":["aGk="],"config":{"cache":"off"}}""", Encoding.UTF8, "application/json");
        using var taken = await gateway.Http.PostAsync("/api/visage/job", off, Cancellation);
        Assert.Equal(GatewayHost.Taken, taken.StatusCode);
    }

    [Fact]
    public async Task A_changed_declaration_calls_again_unless_only_limits_changed()
    {
        await using var host = await StartAsync(Echo);
        const string Body = """{"items":["a"],"config":{"cache":"use"}}""";
        await host.RunAsync("/api/echo/batch", Body);
        await ChangeAsync(host, "max_parallel: 3\ndescription: another\n" + Echo);
        await host.RunAsync("/api/echo/batch", Body);
        Assert.Single(host.Calls);

        await ChangeAsync(host, Echo.Replace("language:", "lang:", StringComparison.Ordinal)
            .Replace("config.language", "config.lang", StringComparison.Ordinal));
        await host.RunAsync("/api/echo/batch", Body);
        Assert.Equal(2, host.Calls.Count);
    }

    [Fact]
    public async Task A_job_with_a_secret_shares_results_among_its_own_tasks()
    {
        await using var host = await StartAsync(Echo);
        const string Body = """{"items":["a","a"],"config":{"cache":"use","password":"open sesame"}}""";

        Assert.Equal(1, (await host.RunAsync("/api/echo/batch", Body)).Whole("cached_tasks"));
        Assert.Equal(1, (await host.RunAsync("/api/echo/batch", Body)).Whole("cached_tasks"));

        Assert.Equal(2, host.Calls.Count);
    }

    [Fact]
    public async Task A_deleted_job_takes_its_results_with_it()
    {
        await using var host = await StartAsync(Echo);
        const string Body = """{"items":["a"],"config":{"cache":"use"}}""";
        var first = await host.RunAsync("/api/echo/batch", Body);
        using var response = await host.Gateway.Http.DeleteAsync($"/api/jobs/{first.Text("job_id")}", Cancellation);
        Assert.True(response.IsSuccessStatusCode);

        Assert.Equal(0, (await host.RunAsync("/api/echo/batch", Body)).Whole("cached_tasks"));

        Assert.Equal(2, host.Calls.Count);
    }

    private static async Task<ServiceHost> StartAsync(string yaml)
    {
        var host = await ServiceHost.StartAsync(yaml);
        // Each call has an answer of its own, so that a result says which call it is of.
        host.Service.Script = call => Reply.Json($$"""{"call":{{call.Number}} }""");
        return host;
    }

    private static async Task ChangeAsync(ServiceHost host, string yaml)
    {
        await File.WriteAllTextAsync(host.Folder.File("echo.yaml"), yaml, Cancellation);
        Assert.True(await host.Gateway.Services.GetRequiredService<ServiceReloader>().ReloadAsync(Cancellation));
    }

    private static string OutputOf(JsonElement job, int index) => job.GetProperty("tasks")[index].GetProperty("output_json").GetRawText();
}
