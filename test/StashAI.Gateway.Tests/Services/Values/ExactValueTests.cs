using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>Numbers and truth values arrive as they were sent, or are refused: on every way in, and on every way out.</summary>
public sealed class ExactValueTests
{
    private const string Yaml = """
        name: n
        url: ${ECHO_URL}
        config: {n: {type: number, default: 0.10}, b: {type: boolean, default: true}, limited: {type: integer, min: -9007199254740993, max: 9007199254740993}, one: {type: number, enum: [1, 0.5]}}
        operations:
          item:
            item: number
            request: {path: "/{{ item }}", query: {q: "{{ item }}"}, json: {v: "{{ item }}", t: "<{{ item }}>", a: "{{ item | append: '!' }}", l: ["{{ item }}"], s: "{{ item | base64 }}"}}
            result: {fields: {v: /v, all: /l}}
            fold: {sum: {sum: /v}, least: {min: /v}, most: {max: /v}, mean: {mean: /v}, by: {count_by: /v}}
          json: {item: string, request: {path: "/{{ config.n }}/{{ config.b }}", json: {v: "{{ config.n }}", b: "{{ config.b }}", t: "<{{ config.n }} {{ config.b }}>"}}}
          document: {item: string, request: {path: /x, json: '{"v":{{ config.n | json }},"r":{{ config.n }},"b":{{ config.b }}}'}}
          form: {item: string, request: {path: /x, query: {n: "{{ config.n }}", b: "{{ config.b }}"}, form: {n: "{{ config.n }}", b: "{{ config.b }}"}}}
          raw: {item: string, request: {path: /x, raw: "{{ config.n }} {{ config.b }} {{ config.b | base64 }}"}}
          parts: {item: {properties: {f: file, n: number, b: boolean}}, request: {path: /x, multipart: {n: "{{ item.n }}", b: "{{ item.b }}"}}}
          any: {item: any, request: {path: /x, json: {v: "{{ item }}", in: "{{ item.n }}", d: "{{ item | json }}"}}}
        """;

    private static readonly string[] Special =
    [
        "0", "-0", "0.0", "1e400", "-1E-400", "1e-30", "9007199254740993", "-9007199254740992", "123456789012345678901234567890",
        "0.12345678901234567", "1.10", "1E5", "1e+5", "5e0", "79228162514264337593543950336",
    ];

    /// <summary>Any number of JSON's grammar.</summary>
    private static readonly Gen<string> Number = Gen.Select(
        Gen.OneOf("", "-"),
        Gen.OneOf(Gen.Const("0"), Gen.Select(Gen.Char['1', '9'], Gen.String[Gen.Char['0', '9'], 0, 30], (first, rest) => first + rest)),
        Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char['0', '9'], 1, 25].Select(digits => "." + digits)),
        Gen.OneOf(
            Gen.Const(""),
            Gen.Const(""),
            Gen.Select(Gen.OneOf("e", "E", "e+", "E-", "e-"), Gen.Int[0, 400], (e, n) => e + n.ToString(CultureInfo.InvariantCulture))),
        (sign, whole, fraction, exponent) => sign + whole + fraction + exponent);

    [Fact]
    public void Sums_are_exact_however_results_are_grouped() => Gen.Select(
        Gen.OneOf(
            Gen.Long.Select(number => number.ToString(CultureInfo.InvariantCulture)),
            Gen.Int[0, 500].Select(number => number.ToString(CultureInfo.InvariantCulture)),
            Gen.Select(Gen.Int[-99, 99], Gen.String[Gen.Char['0', '9'], 1, 25], (whole, digits) => $"{whole}.{digits}"),
            Gen.OneOf(Gen.Const("null"), Gen.Const("\"7\""), Gen.Const("[1]"), Gen.Const("-0"), Gen.Const("1e3"))).Array[1, 40],
        Gen.Int[1, 40]).Sample(
        (values, size) =>
        {
            var fold = new DeclaredFold([
                new FoldField("s", FoldKind.Sum, JsonPointer.Parse("/v")!), new FoldField("n", FoldKind.Count, JsonPointer.Parse("/v")!),
            ]);
            var parts = values.Select(value => fold.Map(0, Encoding.UTF8.GetBytes($$"""{"v":{{value}}}"""))).ToList();
            var numbers = values.Select(ExactNumber.Read).OfType<ExactNumber>().ToList();
            var sum = numbers.Count == 0 ? "null" : ExactSum.Of(numbers).Text;
            var expected = $$"""{"s":{{sum}},"n":{{values.Count(value => value != "null")}}}""";

            Assert.Equal(expected, Encoding.UTF8.GetString(fold.Merge(parts).Span));
            Assert.Equal(expected, Encoding.UTF8.GetString(fold.Merge([.. parts.Chunk(size).Select(fold.Merge)]).Span));
        });

    [Fact]
    public async Task Items_arrive_digit_by_digit_and_so_do_results()
    {
        await using var host = await StartAsync();
        var numbers = Numbers(60);

        var json = await host.RunAsync("/api/n/batch/item", $$"""{"items":[{{string.Join(',', numbers)}}]}""");
        var fromJson = host.Calls.Select(Seen).Order(StringComparer.Ordinal).ToList();
        await host.Gateway.EndOfAsync((await host.SendAsync("/api/n/batch/item", ServiceHost.Lines([.. numbers]))).Text("job_id"));
        await host.RunAsync("/api/batch", $$"""{"type":"n.item","items":[{{string.Join(',', numbers)}}]}""");

        var expected = numbers.Select(Expected).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, fromJson);
        Assert.Equal(
            expected.Concat(expected).Concat(expected).Order(StringComparer.Ordinal),
            host.Calls.Select(Seen).Order(StringComparer.Ordinal));
        var tasks = (await host.Gateway.GetAsync($"/api/queue/job/{json.Text("job_id")}")).GetProperty("tasks").EnumerateArray().ToList();
        Assert.Equal(
            numbers.Select(number => $$"""{"v":{{number}},"all":[{{number}}]}"""),
            tasks.Select(task => task.GetProperty("output_json").GetRawText()));

        static string Seen(ScriptedCall call) => $"{Plain(call.Path)} {call.Text}";
        static string Expected(string number) =>
            $$"""/{{number}}?q={{number}} {"v":{{number}},"t":"<{{number}}>","a":"{{number}}!","l":[{{number}}],"s":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(number))}}"}""";
    }

    [Fact]
    public async Task Configuration_arrives_digit_by_digit_on_every_way()
    {
        await using var host = await StartAsync();
        foreach (var number in Numbers(8))
        {
            foreach (var flag in (string[])["true", "false"])
            {
                var escaped = Uri.EscapeDataString(number);
                foreach (var way in (string[])["json", "config", "query", "form"])
                {
                    await RunAsync(host, way, "json", number, flag);
                    Assert.Equal(($"/{number}/{flag}", $$"""{"v":{{number}},"b":{{flag}},"t":"<{{number}} {{flag}}>"}"""), Last(host));
                }

                await RunAsync(host, "query", "document", number, flag);
                Assert.Equal($$"""{"v":{{number}},"r":{{number}},"b":{{flag}}}""", Last(host).Text);
                await RunAsync(host, "form", "form", number, flag);
                Assert.Equal(($"/x?n={number}&b={flag}", $"n={escaped}&b={flag}"), Last(host));
                await RunAsync(host, "json", "raw", number, flag);
                Assert.Equal($"{number} {flag} {Convert.ToBase64String(Encoding.UTF8.GetBytes(flag))}", Last(host).Text);
                using var parts = new MultipartFormDataContent
                {
                    { new StringContent(number), "n" },
                    { new StringContent(flag), "b" },
                    { new ByteArrayContent([1]), "f", "f" },
                };
                await host.Gateway.EndOfAsync((await host.SendAsync("/api/n/batch/parts", parts)).Text("job_id"));
                Assert.Contains($"\r\n\r\n{number}\r\n", Last(host).Text, StringComparison.Ordinal);
                Assert.Contains($"\r\n\r\n{flag}\r\n", Last(host).Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Values_inside_of_any_item_arrive_as_they_are()
    {
        await using var host = await StartAsync();

        await host.RunAsync("/api/n/batch/any", """{"items":[{"n":[1e400,-0,0.10,true,null,{"m":12345678901234567890123}]}]}""");

        Assert.Equal(
            """{"v":{"n":[1e400,-0,0.10,true,null,{"m":12345678901234567890123}]},"in":[1e400,-0,0.10,true,null,{"m":12345678901234567890123}],"d":"{\"n\":[1e400,-0,0.10,true,null,{\"m\":12345678901234567890123}]}"}""",
            Last(host).Text);
    }

    [Theory]
    [InlineData("limited", "9007199254740994")]
    [InlineData("limited", "-9007199254740994")]
    [InlineData("limited", "9007199254740993.0000000000000000001")]
    [InlineData("limited", "1e400")]
    [InlineData("one", "1.0000000000000000001")]
    [InlineData("n", "NaN")]
    [InlineData("n", "0x10")]
    [InlineData("n", "1e99999999999999999999")]
    [InlineData("b", "yes")]
    [InlineData("batch_size", "1.0000000000000000001")]
    public async Task What_does_not_fit_exactly_is_refused(string key, string value)
    {
        await using var host = await StartAsync();

        await host.SendAsync($"/api/n/batch/json?{key}={Uri.EscapeDataString(value)}", ServiceHost.Lines("\"x\""), 422);
        if (value is not ("NaN" or "0x10" or "yes"))
        {
            await host.Gateway.PostAsync("/api/n/batch/json", $$"""{"items":["x"],"config":{"{{key}}":{{value}} } }""", 422);
        }

        Assert.Empty(host.Calls);
    }

    [Fact]
    public async Task Limits_and_defaults_are_shown_digit_by_digit()
    {
        await using var host = await StartAsync();

        var schema = (await host.Gateway.GetAsync("/api/services/n/schema")).GetProperty("config_schema").GetProperty("properties");
        await host.RunAsync("/api/n/batch/json", """{"items":["x"],"config":{"limited":9007199254740993,"one":0.50}}""");

        Assert.Equal("9007199254740993", schema.GetProperty("limited").GetProperty("maximum").GetRawText());
        Assert.Equal("-9007199254740993", schema.GetProperty("limited").GetProperty("minimum").GetRawText());
        Assert.Equal("0.10", schema.GetProperty("n").GetProperty("default").GetRawText());
        Assert.Equal("/0.10/true", Last(host).Path);
    }

    [Fact]
    public async Task Sums_lose_no_digit()
    {
        await using var host = await StartAsync();

        var job = await host.RunAsync(
            "/api/n/batch/item", """{"items":[9007199254740993,9007199254740993,0.1,0.2,-1e-20,12345678901234567890123]}""");

        var fold = job.GetProperty("aggregate_results");
        Assert.Equal("12345696915633077372109.29999999999999999999", fold.GetProperty("sum").GetRawText());
        Assert.Equal("-1e-20", fold.GetProperty("least").GetRawText());
        Assert.Equal("12345678901234567890123", fold.GetProperty("most").GetRawText());
        Assert.Equal("12345696915633077372109.29999999999999999999", fold.GetProperty("mean").GetProperty("sum").GetRawText());
        Assert.Equal(2, fold.GetProperty("by").Whole("9007199254740993"));
    }

    private static async Task<ServiceHost> StartAsync()
    {
        var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => Reply.Json(call.Text.StartsWith('{') ? call.Text : "{}");
        return host;
    }

    private static async Task RunAsync(ServiceHost host, string way, string operation, string number, string flag)
    {
        var path = $"/api/n/batch/{operation}";
        using HttpContent content = way switch
        {
            "json" =>
                new StringContent($$"""{"items":["x"],"config":{"n":{{number}},"b":{{flag}} } }""", Encoding.UTF8, "application/json"),
            "query" => ServiceHost.Lines("\"x\""),
            "config" => new MultipartFormDataContent
            {
                { new StringContent($$"""{"n":{{number}},"b":{{flag}}}"""), "config" },
                { new StringContent("x"), "items" },
            },
            _ => new MultipartFormDataContent
            {
                { new StringContent(number), "n" },
                { new StringContent(flag), "b" },
                { new StringContent("x"), "items" },
            },
        };
        if (way == "query") path += $"?n={Uri.EscapeDataString(number)}&b={flag}";
        await host.Gateway.EndOfAsync((await host.SendAsync(path, content)).Text("job_id"));
    }

    /// <summary>The last call. The scripted service sees a path in a form of its own, in which %2B may be a plus.</summary>
    private static (string Path, string Text) Last(ServiceHost host) => (Plain(host.Calls[^1].Path), host.Calls[^1].Text);

    private static string Plain(string path) => Uri.UnescapeDataString(path);

    /// <summary>The special ones, and some that are made up.</summary>
    private static List<string> Numbers(int count)
    {
        var numbers = new List<string>(Special);
        Number.Sample(number => numbers.Add(number), iter: count, threads: 1);
        return [.. numbers.Distinct()];
    }
}
