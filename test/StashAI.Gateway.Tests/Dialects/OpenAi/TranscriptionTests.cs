using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary><c>/v1/audio/transcriptions</c>: a form that is passed on, and the endpoint of batches.</summary>
public sealed class TranscriptionTests
{
    private const string Path = "/v1/audio/transcriptions";

    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        max_parallel: 8
        openai: {routes: /v1/audio/transcriptions, models: [small, large]}
        operations: {up: {item: string, request: {path: /up, json: {text: "{{ item }}"}}}}

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_reaches_the_service_field_for_field()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);
        host.Engine.Script = _ => Reply.Json("""{"text":"Hello.","x":1.50}""");
        var random = new Random(5);
        for (var i = 0; i < 12; i++)
        {
            // More than a piece of the store, too.
            var bytes = new byte[i == 11 ? 3_000_001 : random.Next(1, 70_000)];
            random.NextBytes(bytes);
            List<(string Name, string Value)> fields = [("model", i % 2 == 0 ? "small" : "large")];
            for (var k = random.Next(6); k > 0; k--) fields.Add(($"f{random.Next(4)}[]", $"ä\"\r\n{k} {random.Next()}"));
            using var form = Form(bytes, $"memo {i}.mp3", [.. fields]);

            var answer = await OpenAiHost.ReadAsync(await host.Http.PostAsync(Path, form, Cancellation), 200);

            Assert.Equal("1.50", answer.GetProperty("x").GetRawText());
            var call = host.Services.Calls[^1];
            Assert.Equal(Path, call.Path);
            var parts = await PartsAsync(call);
            Assert.Equal(
                fields.Order(),
                parts.Where(part => part.FileName is null).Select(part => (part.Name, Encoding.UTF8.GetString(part.Bytes))).Order());
            var file = Assert.Single(parts, part => part.FileName is not null);
            Assert.Equal(("file", $"memo {i}.mp3", "audio/mpeg"), (file.Name, file.FileName, file.ContentType));
            Assert.Equal(bytes, file.Bytes);
        }
    }

    [Fact]
    public async Task Texts_and_events_come_as_they_are()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);
        const string subtitles = "1\n00:00:00,000 --> 00:00:01,000\nHello.\n";
        const string events = "data: {\"type\":\"transcript.text.delta\",\"delta\":\"Hel\"}\n\ndata: [DONE]\n\n";
        host.Engine.Script = call => Encoding.UTF8.GetString(call.Body.Span).Contains("srt", StringComparison.Ordinal)
            ? Reply.Status(200, subtitles, contentType: "text/plain")
            : Reply.Status(200, events, contentType: "text/event-stream");

        using var srt = Form([1], "a.wav", ("model", "small"), ("response_format", "srt"));
        using var text = await host.Http.PostAsync(Path, srt, Cancellation);
        using var stream = Form([1], "a.wav", ("model", "small"), ("stream", "true"));
        using var pieces = await host.Http.PostAsync(Path, stream, Cancellation);

        Assert.Equal(("text/plain", subtitles), await ReadAsync(text.Content));
        Assert.Equal(("text/event-stream", events), await ReadAsync(pieces.Content));

        static async Task<(string?, string)> ReadAsync(HttpContent content) =>
            (content.Headers.ContentType!.MediaType, await content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_form_that_is_not_right_is_refused_and_leaves_nothing()
    {
        await using var host = await OpenAiHost.StartAsync(new() { ["MAX_ITEM_BYTES"] = "10" }, yaml: Yaml);

        Assert.Equal("model", (await SendAsync(400, [1], "a.wav")).Text("param"));
        Assert.Equal("model_not_found", (await SendAsync(404, [1], "a.wav", ("model", "none"))).Text("code"));
        Assert.Equal("file", (await SendAsync(400, [], "a.wav", ("model", "small"))).Text("param"));
        Assert.Equal("model", (await SendAsync(400, [1], "a.wav", ("model", "small"), ("model", "large"))).Text("param"));
        Assert.Equal(
            "stream", (await SendAsync(400, [1], "a.wav", ("model", "small"), ("stream", "true"), ("stream", "false"))).Text("param"));
        Assert.Equal("stream", (await SendAsync(400, [1], "a.wav", ("model", "small"), ("stream", "on"))).Text("param"));
        Assert.Contains(
            "MAX_ITEM_BYTES", (await SendAsync(413, new byte[11], "a.wav", ("model", "small"))).Text("message"), StringComparison.Ordinal);
        using var alone = new MultipartFormDataContent { { new StringContent("small"), "model" } };
        Assert.Equal("file", (await OpenAiHost.ReadAsync(await host.Http.PostAsync(Path, alone, Cancellation), 400)).Text("param"));
        await host.PostAsync(Path, """{"model":"small"}""", 415);
        Assert.Empty((await host.Gateway.GetAsync("/api/tasks")).GetProperty("data").EnumerateArray());
        Assert.Equal(0, host.Engine.Ledger.Count);

        async Task<JsonElement> SendAsync(int status, byte[] bytes, string name, params (string, string)[] fields)
        {
            using var form = Form(bytes, name, fields);
            return await OpenAiHost.ReadAsync(await host.Http.PostAsync(Path, form, Cancellation), status);
        }
    }

    [Fact]
    public async Task A_repeated_form_has_the_first_answer_unless_that_failed()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);
        var count = 0;
        host.Engine.Script = _ => ++count == 1
            ? Reply.Status(500, "no", contentType: "text/plain") : Reply.Json($$"""{"text":"{{count}}"}""");

        await SendAsync([1, 2], 500);
        Assert.Equal("2", (await SendAsync([1, 2], 200)).Text("text"));
        Assert.Equal(new byte[] { 1, 2 }, (await PartsAsync(host.Services.Calls[^1])).Single(part => part.FileName is not null).Bytes);
        await SendAsync([1, 3], 400);

        async Task<JsonElement> SendAsync(byte[] bytes, int status)
        {
            using var form = Form(bytes, "a.wav", ("model", "small"));
            using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = form };
            request.Headers.Add("Idempotency-Key", "one");
            return await OpenAiHost.ReadAsync(await host.Http.SendAsync(request, Cancellation), status);
        }
    }

    [Fact]
    public async Task The_lines_of_a_batch_name_files_and_addresses()
    {
        await using var host = await OpenAiHost.StartAsync(new() { ["ALLOWED_UPSTREAMS"] = "127.0.0.1" }, yaml: Yaml);
        byte[] fetched = [.. "RIFF"u8, 1, 2, 3];
        host.Engine.Script = call => call.Path == "/recording.wav"
            ? Reply.Garbage(fetched)
            : Reply.Json("""{"text":"Hello.","usage":{"type":"tokens","input_tokens":7,"output_tokens":3,"total_tokens":10}}""");
        var recording = (await host.UploadAsync("sound", "memo.mp3", "user_data")).Text("id");
        var batch = await CreateAsync(
            host,
            Line("a", $$"""
                {"model":"small","file_id":"{{recording}}","timestamp_granularities":["word","segment"],
                 "chunking_strategy":{"type":"server_vad"},"temperature":0.50,"prompt":null}
                """.ReplaceLineEndings("")),
            Line("b", $$"""{"model":"small","file_url":"{{host.Engine.Url}}/recording.wav"}"""));

        batch = await host.UntilAsync(batch.Text("id"), "completed", "failed");

        Assert.Equal("""{"total":2,"completed":2,"failed":0}""", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal(20, batch.GetProperty("usage").Whole("total_tokens"));
        var forms = new List<List<Part>>();
        foreach (var call in host.Services.Calls.Where(call => call.Path == Path)) forms.Add(await PartsAsync(call));
        var first = forms.Single(parts => parts.Exists(part => part.FileName == "memo.mp3"));
        Assert.Equal(
            [("model", "small"), ("timestamp_granularities[]", "word"), ("timestamp_granularities[]", "segment"),
                ("chunking_strategy[type]", "server_vad"), ("temperature", "0.50"), ("file", "sound")],
            first.Select(part => (part.Name, Encoding.UTF8.GetString(part.Bytes))));
        Assert.Equal(fetched, forms.Single(parts => parts != first).Single(part => part.FileName is not null).Bytes);
    }

    [Fact]
    public async Task What_is_wrong_with_the_file_of_a_line_is_said_with_all_other_errors()
    {
        await using var host = await OpenAiHost.StartAsync(new() { ["MAX_ITEM_BYTES"] = "10" }, yaml: Yaml);
        var large = (await host.UploadAsync("more than ten", "a.mp3", "user_data")).Text("id");
        var empty = (await host.UploadAsync("", "a.mp3", "user_data")).Text("id");
        var batch = await CreateAsync(
            host,
            Line("a", """{"model":"small"}"""),
            Line("b", """{"model":"small","file_id":"file-none"}"""),
            Line("c", $$"""{"model":"small","file_id":"{{large}}","file_url":"http://127.0.0.1/a"}"""),
            Line("d", """{"model":"small","file_url":"ftp://127.0.0.1/a"}"""),
            Line("e", $$"""{"model":"small","file_id":"{{large}}"}"""),
            Line("f", $$"""{"model":"small","file_id":"{{empty}}"}"""),
            Line("g", $$"""{"model":"small","file_id":"{{empty}}","response_format":"srt"}"""),
            Line("h", """{"model":"small","file_url":7}"""),
            Line("i", """{"model":"small","file_url":"http://127.0.0.1/a","file":"sound"}"""));

        batch = await host.UntilAsync(batch.Text("id"), "completed", "failed");

        Assert.Equal(
            [
                (1, "missing_required_parameter", "body.file_id"), (2, "file_not_found", "body.file_id"),
                (3, "unsupported_parameter", "body.file_url"), (4, "invalid_parameter", "body.file_url"),
                (5, "file_too_large", "body.file_id"),
                (6, "file_empty", "body.file_id"), (7, "unsupported_parameter", "body.response_format"),
                (8, "invalid_parameter", "body.file_url"), (9, "unsupported_parameter", "body.file"),
            ],
            batch.GetProperty("errors").GetProperty("data").EnumerateArray()
                .Select(error => (error.Whole("line"), error.Text("code"), error.Text("param"))));
    }

    private static string Line(string id, string body) =>
        $$"""{"custom_id":"{{id}}","method":"POST","url":"{{Path}}","body":{{body}}}""";

    private static async Task<JsonElement> CreateAsync(OpenAiHost host, params string[] lines)
    {
        var file = (await host.UploadAsync(string.Join('\n', lines))).Text("id");
        return await host.PostAsync(
            "/v1/batches", $$"""{"input_file_id":"{{file}}","endpoint":"{{Path}}","completion_window":"24h"}""");
    }

    private static MultipartFormDataContent Form(byte[] bytes, string name, params (string Name, string Value)[] fields)
    {
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("audio/mpeg");
        // The file first, as the SDKs may send it.
        var form = new MultipartFormDataContent { { file, "file", name } };
        foreach (var (field, value) in fields) form.Add(new StringContent(value), field);
        return form;
    }

    private static async Task<List<Part>> PartsAsync(ScriptedCall call)
    {
        var boundary = MediaTypeHeaderValue.Parse(call.Header("Content-Type")!).Parameters.Single(one => one.Name == "boundary").Value!;
        var reader = new MultipartReader(boundary, new MemoryStream(call.Body.ToArray()));
        var parts = new List<Part>();
        while (await reader.ReadNextSectionAsync(Cancellation) is { } section)
        {
            var disposition = ContentDispositionHeaderValue.Parse(section.ContentDisposition!);
            var bytes = new MemoryStream();
            await section.Body.CopyToAsync(bytes, Cancellation);
            parts.Add(new Part(
                disposition.Name!.Trim('"'), disposition.FileName?.Trim('"'), section.ContentType, bytes.ToArray()));
        }

        return parts;
    }

    private sealed record Part(string Name, string? FileName, string? ContentType, byte[] Bytes);
}
