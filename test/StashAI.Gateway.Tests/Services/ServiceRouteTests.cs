using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>The routes of a service that is declared in one file: what they take, refuse and say.</summary>
public sealed class ServiceRouteTests
{
    private const string Echo = EchoService.Yaml;

    private const string Answer = EchoService.Answer;

    [Theory]
    [InlineData("/api/echo/job")]
    [InlineData("/api/echo/batch")]
    [InlineData("/api/echo/batch/shout")]
    public async Task A_batch_is_called_item_by_item_as_declared(string route)
    {
        await using var host = await ServiceHost.StartAsync(Echo, new() { ["ECHO_KEY"] = "k7" });
        host.Service.Script = _ => Reply.Json(Answer);

        var job = await host.RunAsync(route, """{"items":["hé\"llo","{{ item }}"],"config":{"language":"es","job_name":"greetings"}}""");

        Assert.Equal("completed", job.Text("status"));
        Assert.Equal("greetings", job.Text("job_name"));
        Assert.Equal("echo_batch_shout", job.Text("job_type"));
        Assert.Equal("""{"answer":"HI","length":2}""", job.GetProperty("tasks")[0].GetProperty("output_json").GetRawText());
        Assert.Equal("""{"characters":4,"answers":{"HI":2}}""", job.GetProperty("aggregate_results").GetRawText());
        var calls = host.Calls.OrderBy(call => call.Path, StringComparer.Ordinal).ToList();
        Assert.Equal("/shout/es?n=0", calls[0].Path);
        Assert.Equal("""{"text":"hé\"llo","greeting":"to hé\"llo","fixed":[1,true,"2"]}""", calls[0].Text);
        Assert.Equal("""{"text":"{{ item }}","greeting":"to {{ item }}","fixed":[1,true,"2"]}""", calls[1].Text);
        Assert.All(calls, call => Assert.Equal("secret k7", call.Header("X-Key")));
    }

    [Theory]
    [InlineData("/api/two/job", """{"items":["x"]}""")]
    [InlineData("/api/two/batch", """{"items":["x"]}""")]
    [InlineData("/api/two/task", """{"item":"x"}""")]
    [InlineData("/api/services/two/test", "\"x\"")]
    public async Task Where_no_operation_is_named_the_declared_one_is_called(string route, string body)
    {
        const string yaml = """
            name: two
            url: ${ECHO_URL}
            operations:
              first: {item: string, request: {path: /first, json: "{{ item | json }}"}}
              second: {item: string, cost: 2, request: {path: /second, json: "{{ item | json }}"}}
            """;
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync($"{yaml}\ndefault_operation: second\n");
        host.Service.Script = _ => Reply.Json("1");

        using var answer = await host.Gateway.SendAsync(HttpMethod.Post, route, body);
        using var quoted = await host.Gateway.SendAsync(HttpMethod.Post, "/api/quote", """{"service":"two","count":3}""");
        var quote = await quoted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode);
        await host.Service.Ledger.WaitForCallsAsync(1, TestContext.Current.CancellationToken);
        Assert.Equal("/second", host.Calls[0].Path);
        Assert.Contains("\"second\"", quote, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_declared_operation_one_of_several_must_be_named()
    {
        await using var host = await ServiceHost.StartAsync("""
            name: two
            url: ${ECHO_URL}
            operations:
              first: {item: string, request: {path: /first, json: "{{ item | json }}"}}
              second: {item: string, request: {path: /second, json: "{{ item | json }}"}}

            """);

        using var answer = await host.Gateway.SendAsync(HttpMethod.Post, "/api/two/job", """{"items":["x"]}""");

        Assert.Equal(400, (int)answer.StatusCode);
        var problem = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("first, second", problem, StringComparison.Ordinal);
        Assert.Empty(host.Calls);
    }

    [Fact]
    public async Task A_single_task_is_acknowledged_with_all_fields_that_clients_read()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = _ => Reply.Json(Answer);

        var task = await host.Gateway.PostAsync("/api/echo/task", """{"config":{"limit":3},"item":"x"}""");

        Assert.Equal("queued", task.Text("status"));
        Assert.Equal(1, task.Whole("total_tasks"));
        Assert.Equal(1, task.Whole("expected_tasks"));
        Assert.Equal(0.5, task.Number("estimated_cost"));
        Assert.True(task.Has("estimated_completion"));
        Assert.True(task.IsNull("coordinator_task_id"));
        Assert.Equal("subscribe_task", task.GetProperty("websocket_subscription").Text("type"));
        await host.Gateway.EndOfAsync(task.Text("job_id"));
        Assert.Contains("\"limit\":3,", host.Calls[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"items":["x"]}""", "en")]
    [InlineData("""{"items":["x"],"config":{"language":null}}""", "en")]
    [InlineData("""{"items":["x"],"config":{"language":"es"}}""", "es")]
    public async Task What_is_not_said_has_its_declared_default(string body, string language)
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = _ => Reply.Json(Answer);

        var job = await host.RunAsync("/api/echo/job", body);

        Assert.Equal(language, job.GetProperty("job_config").Text("language"));
        Assert.False(job.GetProperty("job_config").Has("limit"));
        Assert.Equal($"/shout/{language}?n=0", Assert.Single(host.Calls).Path);
    }

    [Theory]
    [InlineData(false, "echo_batch_shout", "echo_shout")]
    [InlineData(true, "your_service_batch_transcription", "your_service_single_transcribe")]
    public async Task An_operation_names_the_types_of_its_jobs_and_tasks(bool isSaid, string jobType, string taskType)
    {
        var declared = !isSaid ? Echo : Echo.Replace(
            "  shout:\n", $"  shout:\n    job_type: {jobType}\n    task_type: {taskType}\n", StringComparison.Ordinal);
        await using var host = await ServiceHost.StartAsync(declared);
        host.Service.Script = _ => Reply.Json(Answer);

        var job = await host.RunAsync("/api/echo/job", """{"items":["x"]}""");

        Assert.Equal((jobType, taskType), (job.Text("job_type"), job.GetProperty("tasks")[0].Text("task_type")));
    }

    [Theory]
    [InlineData("""{"items":["a",5,"","d"]}""", "items[1]", 1, "is 5: it must be a text of at least 1 characters.")]
    [InlineData("""{"items":["a"],"config":{"langage":"en"}}""", "config.langage", null, "Did you mean 'language'?")]
    [InlineData("""{"items":["a"],"config":{"language":"fr"}}""", "config.language", null, """it must be one of "en", "es".""")]
    [InlineData("""{"items":["a"],"config":{"limit":10}}""", "config.limit", null, "a whole number from 1 to 9")]
    [InlineData("""{"items":["a"],"config":{"limit":"3"}}""", "config.limit", null, "a whole number from 1 to 9")]
    [InlineData("""{"items":"a"}""", "items", null, "is not an array")]
    public async Task What_does_not_fit_is_refused_with_its_place_and_the_way_out(string body, string field, int? item, string reason)
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        var problem = await host.Gateway.PostAsync("/api/echo/job", body, 422);

        var error = problem.GetProperty("errors")[0];
        Assert.Equal(field, error.Text("field"));
        Assert.Contains(reason, error.Text("reason"), StringComparison.Ordinal);
        if (item is { } index) Assert.Equal(index, error.Whole("item"));
        Assert.Equal(0, (await host.Gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Theory]
    [InlineData("""{"type":"echo.shout","items":["a",5]}""", "items[1]", 1)]
    [InlineData("""{"items":["a","b",""],"type":"echo.shout"}""", "items[2]", 2)]
    [InlineData("""{"type":"echo.shout","items":["a"],"config":{"limit":10}}""", "config.limit", null)]
    public async Task A_typed_batch_is_checked_like_one_of_the_services_own_route(string body, string field, int? item)
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        var error = (await host.Gateway.PostAsync("/api/batch", body, 422)).FirstError();

        Assert.Equal(field, error.Text("field"));
        if (item is { } index) Assert.Equal(index, error.Whole("item"));
        Assert.Equal(0, (await host.Gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Fact]
    public async Task A_typed_batch_has_the_services_defaults_and_its_files_are_bytes()
    {
        await using var host = await ServiceHost.StartAsync(Echo + "\n" + """
              look:
                item: {type: object, properties: {picture: {type: file, required: true}, note: string}}
                request: {path: /look, multipart: {file: {file: item.picture}, note: "{{ item.note }}"}}
            """);
        host.Service.Script = _ => Reply.Json(Answer);

        var texts = await host.Gateway.PostAsync("/api/batch", """{"type":"echo.shout","items":["a","b"],"config":{"limit":3}}""");
        await host.Gateway.EndOfAsync(texts.Text("job_id"));
        var files = await host.RunAsync("/api/batch", """{"type":"echo.look","items":[{"picture":"AAEC","note":"n"}]}""");

        Assert.Equal(
            ("echo.shout", "echo", "shout", 1.0),
            (texts.Text("type"), texts.Text("adapter_name"), texts.Text("operation"), texts.Number("estimated_cost")));
        Assert.Equal(texts.Text("job_id"), texts.Text("task_id"));
        Assert.Equal("completed", files.Text("status"));
        Assert.All(
            host.Calls.Where(call => call.Path.StartsWith("/shout", StringComparison.Ordinal)),
            call => Assert.StartsWith("/shout/en?", call.Path, StringComparison.Ordinal));
        Assert.True(host.Calls.Single(call => call.Path == "/look").Body.Span.IndexOf((byte[])[0, 1, 2]) >= 0);
    }

    [Fact]
    public async Task All_items_that_do_not_fit_are_named_in_one_answer()
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        var problem = await host.Gateway.PostAsync("/api/echo/job", """{"items":[1,"b",null,{"x":[2]}]}""", 422);

        Assert.Equal(
            ["items[0]", "items[2]", "items[3]"], problem.GetProperty("errors").EnumerateArray().Select(error => error.Text("field")));
    }

    [Theory]
    [InlineData("""{"config":{}}""", 400)]
    [InlineData("""{"items":[]}""", 400)]
    [InlineData("""[1]""", 400)]
    [InlineData("""{"items":["a"],"items":["b"]}""", 400)]
    [InlineData("""{"items":["a"]""", 400)]
    [InlineData("", 400)]
    public async Task A_body_without_items_is_refused(string body, int status)
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        await host.Gateway.PostAsync("/api/echo/job", body, status);
    }

    [Fact]
    public async Task A_task_of_two_items_is_refused()
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        var problem = await host.Gateway.PostAsync("/api/echo/task", """{"items":["a","b"]}""", 422);

        Assert.Contains("POST /api/echo/job", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_service_is_a_404_that_shows_how_to_declare_one()
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        var service = await host.Gateway.PostAsync("/api/content/task", "{}", 404);
        var operation = await host.Gateway.PostAsync("/api/echo/batch/whisper", "{}", 404);

        Assert.Contains("content.yaml", service.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("echo", service.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("shout", operation.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_shows_the_schemas_of_its_items_and_its_configuration()
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        var service = await host.Gateway.GetAsync("/api/services/echo/schema");

        Assert.Equal("echo", service.Text("name"));
        Assert.Equal("en", service.GetProperty("config_schema").GetProperty("properties").GetProperty("language").Text("default"));
        Assert.Equal("string", service.GetProperty("operations")[0].GetProperty("item_schema").Text("type"));
    }

    [Fact]
    public async Task A_stream_of_lines_becomes_a_job_with_the_querys_configuration()
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = _ => Reply.Json(Answer);

        var answer = await host.SendAsync(
            "/api/echo/job?language=es&limit=4&job_name=lines", ServiceHost.Lines("\"one\"", "", " \"two\" \r", "\"three\""));
        var job = await host.Gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(3, job.Whole("total_tasks"));
        Assert.Equal("lines", job.Text("job_name"));
        Assert.Equal(["one", "three", "two"], host.Calls.Select(call => call.JsonField("text")!).Order());
        Assert.All(host.Calls, call => Assert.Contains("\"limit\":4,", call.Text, StringComparison.Ordinal));
        Assert.All(host.Calls, call => Assert.StartsWith("/shout/es?", call.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_that_does_not_fit_names_its_item()
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        var problem = await host.SendAsync("/api/echo/job", ServiceHost.Lines("\"one\"", "7"), 422);

        Assert.Equal("items[1]", problem.GetProperty("errors")[0].Text("field"));
    }
}
