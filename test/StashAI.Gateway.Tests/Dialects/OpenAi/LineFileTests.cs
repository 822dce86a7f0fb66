using System.Text;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Gateway.Tests.Services;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>
/// Files of lines that are put together at random, with what the rules say of each line: broken JSON, wrong fields, ids that come twice,
/// long lines, CRLF, a BOM, blank lines. The bytes come in pieces of any size.
/// </summary>
public sealed class LineFileTests
{
    private const int MaxLine = 400;

    private const string Yaml = """
        name: first
        url: ${ECHO_URL}
        openai: {routes: [/v1/chat/completions, /v1/embeddings], models: [small, "large-*"]}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private const string Second = """
        name: second
        url: http://127.0.0.1:9
        openai: {routes: /v1/chat/completions, models: other}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private const string HasAll = """
        name: all
        url: http://127.0.0.1:9
        openai: [/v1/chat/completions]
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private static readonly (string Code, string? Field)[] None = [];

    /// <summary>Lines that are wrong in one way, or right in an unusual one, and what is wrong. ID stands for an id of its own.</summary>
    private static readonly (string Line, (string Code, string? Field)[] Errors)[] Kinds =
    [
        (Line(), None),
        ($"  {Line()}\t ", None),
        (Line(url: "\"\\/v1\\/chat\\/completions\""), None),
        (Line(model: "\"large-7\""), None),
        (Line(more: ",\"metadata\":{\"a\":[1,2]}"), None),
        (Line(more: ",\"custom_id\":\"ID later\""), [("duplicate_field", "custom_id")]),
        (Line(more: ",\"\\u0075rl\":1"), [("duplicate_field", "url")]),
        (Line(body: "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"role\":\"user\"}]}"),
            [("duplicate_field", "body.messages[0].role")]),
        ("{broken", [("invalid_json_line", null)]),
        ("[1,2]", [("invalid_json_line", null)]),
        ("\"text\"", [("invalid_json_line", null)]),
        (Line() + Line(), [("invalid_json_line", null)]),
        (Line(more: ",\"x\":\"\uFFFF\""), [("invalid_json_line", null)]),
        (Line(id: "7"), [("missing_required_parameter", "custom_id")]),
        (Line(id: "\"\""), [("missing_required_parameter", "custom_id")]),
        (Line(id: "null"), [("missing_required_parameter", "custom_id")]),
        (Line(id: "\"\\ud800\""), [("invalid_parameter", "custom_id")]),
        (Line(model: "\"a\\udc00\""), [("invalid_parameter", "body.model")]),
        (Line(more: ",\"x\":{\"y\":[{\"\\udfff\":1}]}"), [("invalid_json_line", "x.y[0]")]),
        (Line(body: "{\"model\":\"small\",\"messages\":[{\"content\":\"a\\ud800\"}]}"),
            [("invalid_parameter", "body.messages[0].content")]),
        (Line(more: ",\"\\ud800\":1"), [("invalid_json_line", null)]),
        (Line(id: "\"the same\""), [("duplicate_custom_id", "custom_id")]),
        (Line(id: "\"the s\\u0061me\""), [("duplicate_custom_id", "custom_id")]),
        (Line(method: "\"GET\""), [("invalid_method", "method")]),
        (Line(method: "\"post\""), [("invalid_method", "method")]),
        (Line(method: "null"), [("missing_required_parameter", "method")]),
        (Line(url: "\"/v1/embeddings\""), [("url_mismatch", "url")]),
        (Line(url: "5"), [("missing_required_parameter", "url")]),
        (Line(body: "[]"), [("missing_required_parameter", "body")]),
        (Line(body: "null"), [("missing_required_parameter", "body")]),
        (Line(body: "{}"), [("missing_required_parameter", "body.model")]),
        (Line(model: "\"none\""), [("model_not_found", "body.model")]),
        (Line(model: "\"other\""), [("model_mismatch", "body.model")]),
        (Line(model: "\"small\",\"stream\":true"), [("unsupported_parameter", "body.stream")]),
        (Line(model: "\"small\",\"stream\":false"), None),
        (Line(more: $",\"x\":\"{new string('x', MaxLine)}\""), [("line_too_long", null)]),
        (Line(method: "1", url: "\"x\""), [("missing_required_parameter", "method"), ("url_mismatch", "url")]),
        ("{}", [
            ("missing_required_parameter", "custom_id"), ("missing_required_parameter", "method"), ("missing_required_parameter", "url"),
            ("missing_required_parameter", "body")]),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_in_a_file_the_rules_decide()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        await File.WriteAllTextAsync(host.Folder.File("second.yaml"), Second, Cancellation);
        var models = await ModelsAsync(host);
        for (var seed = 0; seed < 400; seed++) Run(models, seed);
    }

    [Theory]
    [InlineData(61, null)]
    [InlineData(62, "more than 64 objects and arrays inside each other")]
    [InlineData(70, "more than 64 objects and arrays inside each other")]
    public async Task A_line_that_is_too_deep_is_told_so(int lists, string? reason)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var body = $$$"""{"model":"small","messages":{"x":{{{new string('[', lists)}}}{{{new string(']', lists)}}}}}""";

        var check = Read(await ModelsAsync(host, 1), Encoding.UTF8.GetBytes(Line(body: body)), 100, new Random(1)).Check;

        if (reason is null) Assert.Empty(check.Errors.All);
        else Assert.Contains(reason, Assert.Single(check.Errors.All).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\n\r\n  \n")]
    public async Task A_file_without_requests_is_empty(string text)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);

        var check = Read(await ModelsAsync(host, 1), Encoding.UTF8.GetBytes(text), 100, new Random(1)).Check;

        Assert.Equal([("empty_file", null)], check.Errors.All.Select(error => (error.Code, error.Line)));
    }

    [Fact]
    public async Task One_line_too_many_and_a_thousand_errors_end_the_check()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var models = await ModelsAsync(host, 1);
        var lines = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 5000).Select(i => OpenAiHost.Line($"{i}", "x"))));
        var broken = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 5000).Select(_ => "{")));

        Assert.Empty(Read(models, lines, 5000, new Random(1)).Check.Errors.All);
        var error = Assert.Single(Read(models, lines, 4999, new Random(1)).Check.Errors.All);
        Assert.Equal(("too_many_tasks", 5000L), (error.Code, error.Line));
        Assert.Equal(1000, Read(models, broken, 5000, new Random(1)).Check.Errors.Count);
    }

    [Theory]
    [InlineData("any", "small")]
    [InlineData("small", "any")]
    public async Task Each_line_has_the_service_of_its_model_whatever_the_order(string first, string second)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        await File.WriteAllTextAsync(host.Folder.File("all.yaml"), HasAll, Cancellation);
        var models = await ModelsAsync(host, 1);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (models.Find(OpenAiHost.Chat, "any") is null) await timer.WaitForNextTickAsync(Cancellation);
        var lines = $"{OpenAiHost.Line("a", "x", first)}\n{OpenAiHost.Line("b", "x", second)}\n{OpenAiHost.Line("c", "x", first)}";

        var check = Read(models, Encoding.UTF8.GetBytes(lines), 100, new Random(1)).Check;

        Assert.Equal([("model_mismatch", 2L)], check.Errors.All.Select(error => (error.Code, error.Line!.Value)));
    }

    [Fact]
    public async Task Of_a_very_long_model_the_beginning_is_kept()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var check = new LineCheck(OpenAiHost.Chat, await ModelsAsync(host, 1), 100, "too long");

        check.Check(Encoding.UTF8.GetBytes(OpenAiHost.Line("a", "x", "large-" + new string('x', 5000))));

        Assert.Empty(check.Errors.All);
        Assert.Equal(256, check.Model!.Length);
    }

    private static void Run(ServedModels models, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder(random.Next(4) == 0 ? "\uFEFF" : "");
        var expected = new List<(string Code, string? Field, long Line)>();
        var ids = new List<string>();
        // The first line says which service it is, and takes the id that others repeat.
        Add(Line(id: "\"the same\""), None);
        for (var i = random.Next(12); i > 0; i--)
        {
            if (random.Next(10) == 0)
            {
                Add(random.Next(2) == 0 ? "" : " \t", [("invalid_json_line", null)]);
            }

            var (line, errors) = Kinds[random.Next(Kinds.Length)];
            Add(line.Replace("ID", $"id {seed} {i}", StringComparison.Ordinal), errors);
        }

        // Blank lines at the end are none.
        for (var i = random.Next(3); i > 0; i--) text.Append(random.Next(2) == 0 ? "\n" : " \r\n");
        if (random.Next(2) == 0) text.Length -= text[^1] == '\n' ? 1 : 0;

        // An unpaired FFFF stands for a byte that no UTF-8 text has.
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        for (int at; (at = bytes.AsSpan().IndexOf("\uFFFF"u8)) >= 0;) bytes[at + 1] = (byte)'x';
        var (check, valid) = Read(models, bytes, 1000, random);

        Assert.Equal(expected, check.Errors.All.Select(error => (error.Code, error.Field, error.Line!.Value)));
        Assert.Equal(ids, valid);

        void Add(string line, (string Code, string? Field)[] errors)
        {
            var number = text.ToString().Count(character => character == '\n') + 1;
            text.Append(line).Append(random.Next(2) == 0 ? "\n" : "\r\n");
            expected.AddRange(errors.Select(error => (error.Code, error.Field, (long)number)));
            if (errors.Length > 0) return;
            using var document = System.Text.Json.JsonDocument.Parse(line);
            ids.Add(document.RootElement.GetProperty("custom_id").GetString()!);
        }
    }

    /// <summary>Reads bytes in pieces of random sizes; the ids are those of the valid lines.</summary>
    private static (LineCheck Check, List<string> Ids) Read(ServedModels models, byte[] bytes, int maxLines, Random random)
    {
        var check = new LineCheck(OpenAiHost.Chat, models, maxLines, "too long");
        var reader = new LineReader(MaxLine);
        var ids = new List<string>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, 200), bytes.Length - at);
            // A copy, as a payload's piece is valid only until the next one.
            var piece = bytes.AsSpan(at, length).ToArray();
            foreach (var line in reader.Read(piece)) Take(check.IsOver ? null : check.Check(line));
            Array.Clear(piece);
            at += length;
        }

        foreach (var line in reader.End()) Take(check.IsOver ? null : check.Check(line));
        if (!check.IsOver) check.End();
        return (check, ids);

        void Take(CheckedLine? line)
        {
            if (line is null) return;
            using var id = System.Text.Json.JsonDocument.Parse(line.Id);
            ids.Add(id.RootElement.GetString()!);
        }
    }

    private static string Line(
        string id = "\"ID\"", string method = "\"POST\"", string url = "\"/v1/chat/completions\"", string model = "\"small\"",
        string? body = null, string more = "") =>
        $"{{\"custom_id\":{id},\"method\":{method},\"url\":{url},\"body\":{body ?? $"{{\"model\":{model}}}"}{more}}}";

    /// <summary>The models of the declarations, once this many services are read.</summary>
    private static async Task<ServedModels> ModelsAsync(ServiceHost host, int services = 2)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var models = (ServedModels)host.Gateway.Services.GetService(typeof(ServedModels))!;
        while (models.Listed().Select(one => one.Service).Distinct().Count() < services) await timer.WaitForNextTickAsync(Cancellation);
        return models;
    }
}
