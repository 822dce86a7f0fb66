using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>
/// What an output of a template writes, in every place where one may stand: the value, or an error, and never an empty text.
/// </summary>
public sealed class TemplateOutputTests
{
    private static readonly byte[] File = [0x89, (byte)'P', (byte)'N', (byte)'G', 0xFB, 0xFF, 0xFE, 1];
    private static readonly string Base64 = Convert.ToBase64String(File);

    /// <summary>Places where a file goes, each with what it becomes there.</summary>
    public static TheoryData<string, string> FilePlaces { get; } = new()
    {
        { "json: {i: \"{{ item }}\"}", $$"""{"i":"{{Base64}}"}""" },
        { "json: {i: \"a {{ item }} b\"}", $$"""{"i":"a {{Base64}} b"}""" },
        {
            "json: {i: \"{{ item | base64 }}\", u: \"u={{ item | data_url }}\"}",
            $$"""{"i":"{{Base64}}","u":"u=data:image/png;base64,{{Base64}}"}"""
        },
        { "json: '{\"i\": {{ item | json }}}'", $$"""{"i": "{{Base64}}"}""" },
        { "form: {i: \"{{ item }}\"}", $"i={WebUtility.UrlEncode(Base64)}" },
        {
            "form: {i: \"a{{ item | base64 }}b\", u: \"{{ item | data_url }}\"}",
            $"i=a{WebUtility.UrlEncode(Base64)}b&u={WebUtility.UrlEncode("data:image/png;base64," + Base64)}"
        },
        { "form: {i: \"{% assign x = item %}{{ x }}\"}", $"i={WebUtility.UrlEncode(Base64)}" },
        { "form: {i: \"{% capture x %}<{{ item }}>{% endcapture %}{{ x | append: '!' }}\"}", $"i={Uri.EscapeDataString($"<{Base64}>!")}" },
        { "raw: \"{{ item }}\"", Base64 },
        { "raw: {text: \"[{{ item }}] {{ item.size }} {{ item.content_type }}\"}", $"[{Base64}] 8 image/png" },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(FilePlaces))]
    public async Task A_file_is_its_base64_in_every_text(string body, string expected)
    {
        await using var host = await ServiceHost.StartAsync(
            $"name: f\nurl: ${{ECHO_URL}}\noperations:\n  go:\n    item: file\n    request:\n      path: /x\n      {body}");

        await host.RunAsync("/api/f/batch", $$"""{"items":["{{Base64}}"]}""");

        Assert.Equal(expected, host.Calls[0].Text);
    }

    [Fact]
    public async Task Equal_objects_are_equal_for_filters_wherever_they_stand()
    {
        await using var host = await ServiceHost.StartAsync("""
            name: f
            url: ${ECHO_URL}
            operations:
              go: {item: any, request: {path: /x, json: '{"n":{{ item | uniq | json }}}'}}
            """);

        await host.RunAsync("/api/f/batch", """{"items":[[{"a":1,"b":"x"},{"b":"\u0078","a":1.0},{"a":[1]},{"a":[1]},{"a":2,"b":"x"}]]}""");

        Assert.Equal("""{"n":[{"a":1,"b":"x"},{"a":[1]},{"a":2,"b":"x"}]}""", host.Calls[0].Text);
    }

    [Fact]
    public async Task A_file_is_its_base64_in_a_query_and_in_a_text_part()
    {
        await using var host = await ServiceHost.StartAsync("""
            name: f
            url: ${ECHO_URL}
            operations:
              go: {item: {properties: {image: file}}, request: {path: /x, query: {i: "{{ item.image }}"}, multipart: {t: "<{{ item.image }}>"}}}
            """);

        await host.RunAsync("/api/f/batch", $$"""{"items":[{"image":"{{Base64}}"}]}""");

        Assert.Equal($"/x?i={Uri.EscapeDataString(Base64)}", host.Calls[0].Path);
        Assert.Contains($"\r\n\r\n<{Base64}>\r\n", host.Calls[0].Text, StringComparison.Ordinal);
    }

    /// <summary>What can be seen without an item to be no text.</summary>
    public static TheoryData<string, string> Refused { get; } = new()
    {
        { "item: file, request: {path: '/{{ item }}'}", "is a file" },
        { "item: file, request: {path: /x, multipart: {f: {file: item, name: '{{ item }}'}}}", "is a file" },
        { "item: file, request: {path: /x, raw: '{{ item | upcase }}'}", "cannot take a file" },
        { "item: {properties: {a: string}}, request: {path: /x, raw: '{{ item }}'}", "is an object" },
        { "item: {type: array, items: string}, request: {path: /x, form: {q: '{{ item }}'}}", "is a list" },
        { "item: {type: array, items: {properties: {a: string}}}, request: {path: /x, json: {q: 'x {{ item[0] }}'}}", "is an object" },
        { "item: string, pack: {max: 2, request: {path: /x, query: {q: '{{ items }}'}}}, request: {path: /x}", "is a list" },
        { "item: string, request: {path: /x, raw: '{{ other }}'}", "'other' is not known" },
        { "item: string, request: {path: /x, raw: '{% if itm %}x{% endif %}'}", "'itm' is not known" },
        { "item: string, request: {path: /x, raw: '{% for one in itms %}x{% endfor %}'}", "'itms' is not known" },
        { "item: string, request: {path: /x, raw: '{{ item.name }}'}", "item.name is not known" },
        { "item: {properties: {a: {properties: {b: string}}}}, request: {path: /x, raw: '{{ item.a.c }}'}", "item.a.c is not known" },
        { "item: {properties: {a: string}}, request: {path: /x, raw: \"{{ item['b'] }}\"}", "item.b is not known" },
        { "item: string, request: {path: /x, raw: \"{{ item | append: config.b }}\"}", "config.b is not known" },
        { "item: string, request: {path: /x, raw: '{% if item == config.b %}x{% endif %}'}", "config.b is not known" },
        { "item: string, request: {path: /x, raw: '{{ item | jsn }}'}", "there is no filter" },
        { "item: string, request: {path: /x, raw: '{% assign a = item | jsn %}'}", "there is no filter" },
        { "item: string, request: {path: /x, raw: '{% include item %}'}", "not a valid template" },
        { "item: string, request: {path: /x/../y}", "lead to another path" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_can_have_no_text_is_refused_at_the_check(string operation, string reason)
    {
        var errors = DeclarationReader.Read($"name: a\nurl: http://x\noperations:\n  go: {{{operation}}}").Errors;

        Assert.Contains(errors, error => error.Line == 4 && error.Message.Contains(reason, StringComparison.Ordinal));
    }

    /// <summary>What only an item shows to be no text: the request, the item, and the words of the error.</summary>
    public static TheoryData<string, string, string> Failing { get; } = new()
    {
        { "raw: '{{ item.a }}'", """{"b":1}""", "item has no 'a'" },
        { "json: {q: '{{ item.a }}'}", """{"b":1}""", "item has no 'a'" },
        { "form: {q: '{{ item.a | upcase }}'}", """{"b":1}""", "item has no 'a'" },
        { "form: {q: '{{ item.a.b }}'}", """{"a":{"c":1}}""", "item.a has no 'b'" },
        { "multipart: {q: '{{ item }}'}", """{"b":1}""", "is an object" },
        { "multipart: {q: '{{ item.b }}'}", """{"b":[1]}""", "is a list" },
        { "json: {q: 'x {{ item.b }}'}", """{"b":[1]}""", "is a list" },
        { "raw: '{{ item.b.foo }}'", """{"b":"text"}""", "has no value" },
        { "raw: '{% for i in item.list %}{{ i.a }}{% endfor %}'", """{"list":[{"a":1},{}]}""", "has no 'a'" },
        { "raw: '{% for i in item.list %}x{% endfor %}'", """{"b":1}""", "item has no 'list'" },
        { "raw: '{% if item.b == 2 %}{% assign x = 1 %}{% endif %}{{ x }}'", """{"b":1}""", "nothing has been assigned" },
        { "raw: '{{ item.b | plus: 1 }}'", """{"b":"one"}""", "needs numbers" },
        { "raw: '{{ item.b | divided_by: 0 }}'", """{"b":1}""", "failed" },
        { "raw: '{{ item.b | times: item.b }}'", """{"b":79228162514264337593543950335}""", "failed" },
        { "json: '{\"q\": {{ item.b }}}'", """{"b":"text"}""", "is not JSON" },
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task What_turns_out_to_have_no_text_fails_the_item_and_says_where(string body, string item, string reason)
    {
        await using var host = await ServiceHost.StartAsync(
            $"name: f\nurl: ${{ECHO_URL}}\noperations:\n  go:\n    item: any\n    request:\n      path: /x\n      {body}");

        var job = await host.RunAsync("/api/f/batch", $$"""{"items":[{{item}}]}""");

        var task = job.GetProperty("tasks")[0];
        Assert.Equal("failed", task.Text("status"));
        Assert.Contains(reason, task.Text("error_message"), StringComparison.Ordinal);
        if (reason != "is not JSON") Assert.Contains("echo.yaml:8:", task.Text("error_message"), StringComparison.Ordinal);
        Assert.Equal("invalid_input", task.Text("error_kind"));
        Assert.Empty(host.Calls);
    }

    [Fact]
    public async Task A_declared_value_that_was_not_given_is_left_out()
    {
        await using var host = await ServiceHost.StartAsync("""
            name: f
            url: ${ECHO_URL}
            config: {c: string}
            operations:
              json: {item: {properties: {a: {type: string, required: false}, b: string}}, request: {path: /x, json: {a: "{{ item.a }}", b: "{{ item.b }}", c: "{{ config.c }}", d: "{{ item.a | default: 'none' }}"}}}
              form: {item: string, request: {path: /x, query: {c: "{{ config.c }}"}, form: {c: "{{ config.c }}", i: "{{ item }}", t: "<{{ config.c }}>"}}}
              path: {item: string, request: {method: GET, path: "/{{ config.c }}/{{ item }}"}}
            """);

        await host.RunAsync("/api/f/batch/json", """{"items":[{"b":"x"}]}""");
        await host.RunAsync("/api/f/batch/form", """{"items":["x"]}""");
        var job = await host.RunAsync("/api/f/batch/path", """{"items":["x"]}""");

        Assert.Equal(["""{"b":"x","d":"none"}""", "i=x&t=%3C%3E"], host.Calls.Select(call => call.Text));
        Assert.Equal("/x", host.Calls[1].Path);
        Assert.Contains("a path needs it", job.GetProperty("tasks")[0].Text("error_message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_a_file_does_not_get_through_a_filter_in_pieces()
    {
        await using var host = await ServiceHost.StartAsync("""
            name: f
            url: ${ECHO_URL}
            operations: {go: {item: file, request: {path: /x, raw: "{% capture x %}{{ item }}{% endcapture %}{{ x | upcase }}"}}}
            """);

        var job = await host.RunAsync("/api/f/batch", $$"""{"items":["{{Base64}}"]}""");

        Assert.Contains(
            "the filter upcase cannot take a file", job.GetProperty("tasks")[0].Text("error_message"), StringComparison.Ordinal);
        Assert.Empty(host.Calls);
    }
}
