using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>The calls of a declared service: what is sent where, and what its answers become.</summary>
public sealed class ServiceCallTests
{
    private const string Echo = EchoService.Yaml;

    private const string Answer = EchoService.Answer;

    [Fact]
    public async Task An_error_inside_a_success_fails_the_item_with_its_reason()
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = call => Reply.Json(call.JsonField("text") == "bad" ? """{"failed":true,"reason":"too rude"}""" : Answer);

        var job = await host.RunAsync("/api/echo/job", """{"items":["good","bad"]}""");

        Assert.Equal("partial", job.Text("status"));
        Assert.Contains("too rude", job.GetProperty("tasks")[1].Text("error_message"), StringComparison.Ordinal);
        Assert.Equal(2, host.Service.Ledger.Count);
    }

    [Fact]
    public async Task An_error_that_is_declared_transient_is_tried_again()
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = call => call.Number switch
        {
            1 => Reply.Json("""{"failed":true,"reason":"Busy, come back"}"""),
            2 => Reply.Status(400, """{"reason":"still busy"}"""),
            3 => Reply.Json("""{"state":"BUSY"}"""),
            _ => Reply.Json(Answer),
        };

        var job = await host.RunAsync("/api/echo/job", """{"items":["x"]}""");

        Assert.Equal("completed", job.Text("status"));
        Assert.Equal(4, host.Service.Ledger.Count);
    }

    [Fact]
    public async Task A_url_of_another_instance_passes_the_outbound_policy_first()
    {
        await using var host = await ServiceHost.StartAsync(Echo);

        var problem = await host.Gateway.PostAsync("/api/echo/job", """{"items":["x"],"api_url":"http://127.0.0.1:1/"}""", 422);

        Assert.Equal("api_url", problem.GetProperty("errors")[0].Text("field"));
        Assert.Equal("TRUST_LAN", problem.Text("setting"));
    }

    [Fact]
    public async Task Another_instance_is_called_at_the_operations_path()
    {
        await using var host = await ServiceHost.StartAsync(Echo, new() { ["TRUST_LAN"] = "true" });
        await using var other = await ScriptedService.StartAsync(TestContext.Current.CancellationToken);
        other.Script = _ => Reply.Json(Answer);

        await host.RunAsync("/api/echo/job", $$"""{"items":["x"],"echo_api_url":"{{other.Url}}/base"}""");

        Assert.Equal("/base/shout/en?n=0", other.Ledger.Calls[0].Call!.Path);
    }

    [Fact]
    public async Task What_a_template_puts_into_a_path_stays_in_its_segment()
    {
        await using var host = await ServiceHost.StartAsync("""
            name: echo
            url: ${ECHO_URL}
            operations:
              get: {item: string, request: {method: GET, path: "/a/{{ item }}/b"}}
            """);

        await host.RunAsync("/api/echo/job", """{"items":["../../x?y#z"]}""");

        Assert.Equal("GET /a/..%2F..%2Fx%3Fy%23z/b", $"{host.Calls[0].Method} {host.Calls[0].Path}");
    }

    /// <summary>`/a//b` is `/a/b` for many servers, and `/a/` the list of all that is in it.</summary>
    [Theory]
    [InlineData("/a/{{ item }}/b")]
    [InlineData("/a/{{ item }}")]
    [InlineData("/{{ item }}")]
    [InlineData("/a/{{ item }}{{ config.suffix | default: '' }}?x=1")]
    [InlineData("/a/{% for one in (1..2) %}{{ item }}/{% endfor %}b")]
    public async Task A_segment_does_not_vanish_with_an_empty_value(string path)
    {
        await using var host = await ServiceHost.StartAsync($$$"""
            name: echo
            url: ${ECHO_URL}
            config: {suffix: string}
            operations:
              get: {item: string, request: {method: GET, path: "{{{path}}}"}}
            """);

        var job = await host.RunAsync("/api/echo/job", """{"items":["","x"]}""");

        Assert.Contains("empty segment", job.GetProperty("tasks")[0].GetProperty("error_message").GetString(), StringComparison.Ordinal);
        Assert.Contains("x", Assert.Single(host.Calls).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Numbers_and_objects_are_items_too(int seed)
    {
        await using var host = await ServiceHost.StartAsync("""
            name: echo
            url: ${ECHO_URL}
            operations:
              any: {item: any, request: {path: /any, json: {value: "{{ item }}"}}}
            """);
        host.Service.Script = call => Reply.Json(call.Text);
        var items = $$"""[{{seed}},-2.50,{"a":{"items":[1,{}]},"item":"x"},[[]],true,null,"s"]""";

        var job = await host.RunAsync("/api/echo/job", $$"""{"config":{"batch_size":2,"priority":7},"items":{{items}}}""");

        var expected = JsonDocument.Parse(items).RootElement.EnumerateArray()
            .Select(item => item.ValueKind == JsonValueKind.Null ? "{}" : $$"""{"value":{{item.GetRawText()}}}""");
        Assert.Equal(expected, job.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("output_json").GetRawText()));
    }

    [Fact]
    public async Task An_answer_that_is_text_becomes_one_json_string()
    {
        await using var host = await ServiceHost.StartAsync("""
            name: echo
            url: ${ECHO_URL}
            operations:
              say: {item: string, request: {path: /say, raw: "{{ item | upcase }}"}, result: {format: text}}
            """);
        host.Service.Script = call => Reply.Status(200, $"said {call.Text}\n", contentType: "text/plain");

        var job = await host.RunAsync("/api/echo/job", """{"items":["hi"]}""");

        Assert.Equal("said HI\n", job.GetProperty("tasks")[0].Text("output_json"));
    }
}
