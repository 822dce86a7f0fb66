using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CsCheck;
using StashAI.Adapters.Http.Reading;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>However much of a request is wrong, its answer is short and says where.</summary>
public sealed class BoundedErrorTests
{
    private const int MaxAnswer = 100_000;
    private const int Many = 300_000;

    private static readonly string Properties = string.Join(
        ", ", Enumerable.Range(0, 200).Select(i => $"k{i:0000}: {{type: string, required: false}}"));

    private static readonly string Yaml = $$$"""
        name: o
        url: ${ECHO_URL}
        config: {mode: string, list: {type: array, items: integer}}
        operations:
          run: {item: {properties: { {{{Properties}}} } }, request: {path: /x, json: {q: "{{ item.k0001 }}"} } }
          list: {item: {type: array, items: integer}, request: {path: /x, json: {q: "{{ item }}"} } }
          file: {item: {properties: {f: file, t: {type: string, required: false} } }, request: {path: /x, json: {q: "{{ item.t }}"} } }
        """;

    private static readonly string Names = string.Join(',', Enumerable.Range(0, Many).Select(i => $"\"u{i}\":1"));
    private static readonly string Long = new('n', 2_000_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Bodies with very much that is wrong.</summary>
    public static TheoryData<string, string> Bodies { get; } = new()
    {
        { "/api/o/batch/run", $"{{\"items\":[{{{Names}}}]}}" },
        { "/api/o/batch/run", $"{{\"items\":[{{\"{Long}\":1,\"k0001\":\"{Long}\",\"k0002\":{{\"{Long}\":1}}}}]}}" },
        { "/api/o/batch/run", $"{{\"items\":[{{\"k0001\":\"x\"}}],\"config\":{{{Names}}}}}" },
        { "/api/o/batch/run", $"{{\"items\":[{{\"k0001\":\"x\"}}],\"config\":{{\"{Long}\":1,\"mode\":{{\"{Long}\":1}}}}}}" },
        {
            "/api/o/batch/run",
            $"{{\"items\":[{{\"k0001\":\"x\"}}],\"config\":{{\"list\":[{string.Join(',', Enumerable.Repeat("\"x\"", Many))}]}}}}"
        },
        { "/api/o/batch/list", $"{{\"items\":[[{string.Join(',', Enumerable.Repeat("\"x\"", Many))}]]}}" },
        { "/api/o/batch/list", $"{{\"items\":[[{new string('9', 2_000_000)}]]}}" },
        { "/api/o/batch/file", $"{{\"items\":[{{\"f\":{{\"url\":\"{Long}\"}}}}]}}" },
        { "/api/batch", $"{{\"type\":\"o.run\",\"items\":[{{{Names}}}]}}" },
        { "/api/batch", $"{{\"type\":\"{Long}\",\"items\":[]}}" },
        { "/api/visage/batch/compare", $"{{\"items\":[{{{Names}}}]}}" },
        { "/api/visage/batch/one-to-many", $"{{\"items\":[\"aGk=\"],\"target\":{{{Names}}}}}" },
        { "/api/visage/job", $"{{\"images\":[\"aGk=\"],\"visage_api_url\":\"{Long}\"}}" },
        { "/api/visage/job", $"{{\"images\":[\"aGk=\"],\"config\":{{\"priority\":\"{Long}\"}}}}" },
    };

    [Theory]
    [InlineData(new string[0], " There is no field here.")]
    [InlineData(new[] { "mode", "list" }, " Known fields: mode, list.")]
    public void An_error_about_an_unknown_field_names_what_there_is(string[] known, string sentence) =>
        Assert.Equal(sentence, Excerpt.KnownFields(known));

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_request_with_much_that_is_wrong_gets_a_short_answer(string path, string body)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        await CheckAsync(host, path, content);
    }

    [Fact]
    public async Task So_do_lines_and_forms()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        using var lines = ServiceHost.Lines($"{{{Names}}}", $"{{{Names}}}");
        await CheckAsync(host, "/api/o/batch/run", lines);
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 5_000; i++) form.Add(new StringContent("1"), $"u{i}");
        form.Add(new ByteArrayContent([1]), "f", "f");
        await CheckAsync(host, "/api/o/batch/file", form);
        using var named = new MultipartFormDataContent { { new ByteArrayContent([1]), "f", "f" } };
        named.Add(new StringContent("x"), new string('n', 10_000));
        await CheckAsync(host, "/api/o/batch/file", named);
    }

    [Fact]
    public async Task Text_parts_are_bounded_together()
    {
        await using var host = await ServiceHost.StartAsync(Yaml, new() { ["MAX_ENVELOPE_BYTES"] = "4096" });
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 10; i++) form.Add(new StringContent(new string('x', 1000)), $"u{i}");

        var problem = await host.SendAsync("/api/o/batch/file", form, 413);

        Assert.Equal("MAX_ENVELOPE_BYTES", problem.Text("setting"));
    }

    [Fact]
    public void A_value_is_looked_at_only_until_there_are_errors_enough() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 200], (unknown, wrong) => (unknown, wrong)).Sample((unknown, wrong) =>
        {
            var schema = new FieldSchema
            {
                Type = FieldType.Record,
                Properties =
                [
                    new("list", new FieldSchema { Type = FieldType.Array, Element = new FieldSchema { Type = FieldType.WholeNumber } }),
                    new("need", new FieldSchema { Type = FieldType.Text, IsRequired = true }),
                ],
            };
            var names = Enumerable.Range(0, unknown).Select(i => $"\"u{i}\":0")
                .Append($"\"list\":[{string.Join(',', Enumerable.Repeat("true", wrong))}]");
            using var document = JsonDocument.Parse($"{{{string.Join(',', names)}}}");
            var errors = new List<FieldError>();
            using var json = new Utf8JsonWriter(Stream.Null);

            FieldCheck.Write(schema, document.RootElement, "", false, [], json, errors);

            Assert.Equal(Math.Min(FieldCheck.MaxErrors, unknown + wrong + 1), errors.Count);
            Assert.All(errors, error => Assert.True(error.Field.Length + error.Reason.Length < 1000));
        });

    [Fact]
    public void Declarations_have_a_bounded_number_of_short_faults()
    {
        var keys = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"unknown{i}: 1\n"));
        var longName = new string('k', 200_000);

        var errors = DeclarationReader.Read(
            $"name: a\nurl: http://x\n{keys}operations:\n"
            + $"  go: {{item: string, request: {{path: /x, form: {{q: \"{{{{ item.{longName} }}}}\"}}}}}}").Errors;
        var names = DeclarationReader.Read(
            $"name: a\nurl: http://x\n? {longName}\n: 1\noperations:\n  go: {{item: {longName}, request: {{path: /x}}}}").Errors;

        Assert.InRange(errors.Count, 1, 100);
        Assert.All(errors.Concat(names), error => Assert.InRange(error.Message.Length, 1, 1000));
    }

    private static async Task CheckAsync(ServiceHost host, string path, HttpContent content)
    {
        using var response = await host.Gateway.Http.PostAsync(path, content, Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.True((int)response.StatusCode is 400 or 413 or 422, $"{(int)response.StatusCode}: {answer[..Math.Min(answer.Length, 500)]}");
        Assert.InRange(answer.Length, 10, MaxAnswer);
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), response.Content.Headers.ContentType);
    }
}
