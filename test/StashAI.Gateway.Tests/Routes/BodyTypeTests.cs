using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Services;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>What a Content-Type and its charset say of a body is heeded at every door.</summary>
public sealed class BodyTypeTests
{
    private const string Echo = """
        name: echo
        url: ${ECHO_URL}
        config: {lang: {type: string}}
        operations:
          say:
            item: {type: string}
            request: {path: /say, json: {text: "{{ item }}", lang: "{{ config.lang }}"}}
          look:
            item: {type: file}
            request: {path: /look, multipart: {photo: {file: item}}}
        """;

    private const string Click = """{"session_id":"s","action_type":"a"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, bool> Doors() => new()
    {
        { "/api/visage/job", """{"images":["eA=="]}""", true },
        { "/api/visage/task", """{"image":"eA=="}""", true },
        { "/api/visage/batch/compare", """{"items":[{"person1":"A","person2":"B"}]}""", false },
        { "/api/batch", """{"type":"echo.say","items":["x"]}""", false },
        { "/api/echo/batch/say", """{"items":["x"]}""", true },
        { "/api/interactions/job", $$"""{"items":[{{Click}}]}""", false },
        { "/api/interactions", Click, false },
        { "/api/sessions", """{"session_id":"s"}""", false },
        { "/api/demo/visage/job", """{"demo_task_count":1}""", false },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Other_types_and_charsets_are_a_415_that_names_what_is_read(string path, string body, bool takesForms)
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        foreach (var (type, text) in ((string, string)[])[
            ("application/x-www-form-urlencoded", "images=eA%3D%3D&x=1"), ("multipart/mixed; boundary=x", "--x--"), ("text/plain", "hello"),
            ("application/xml", "<a/>"), ("image/jpeg", "x"), ("nonsense", body)])
        {
            var detail = await RefusedAsync(host, path, type, Encoding.UTF8.GetBytes(text));
            Assert.Contains("application/json", detail, StringComparison.Ordinal);
            Assert.Equal(takesForms, detail.Contains("multipart/form-data", StringComparison.Ordinal));
        }

        Assert.Contains(
            "UTF-8", await RefusedAsync(host, path, "application/json; charset=utf-16", Encoding.Unicode.GetBytes(body)),
            StringComparison.Ordinal);
        Assert.Contains(
            "UTF-8", await RefusedAsync(host, path, "application/json; charset=\"iso-8859-1\"", Encoding.Latin1.GetBytes(body)),
            StringComparison.Ordinal);
        // What curl -d and fetch say of JSON, and other names of it.
        foreach (var type in (string[])[
            "application/x-www-form-urlencoded", "text/plain;charset=UTF-8", "text/json", "application/vnd.x+json; charset=utf8", ""])
        {
            using var taken = await SendAsync(host, path, type, Encoding.UTF8.GetBytes(body));
            Assert.True(taken.IsSuccessStatusCode, $"{type}: {(int)taken.StatusCode}");
        }
    }

    [Fact]
    public async Task Lines_in_another_charset_are_a_415()
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        await RefusedAsync(host, "/api/echo/batch/say", "application/x-ndjson; charset=utf-16", Encoding.Unicode.GetBytes("\"x\""));
    }

    [Theory]
    [InlineData("lang=%ff", "lang")]
    [InlineData("lang=caf%E9", "lang")]
    [InlineData("lang=%ed%a0%80", "lang")]
    [InlineData("l%ffng=x", "query")]
    public async Task Escapes_that_are_not_UTF8_are_refused_at_every_route(string query, string field)
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        Assert.Equal(
            field, (await host.SendAsync($"/api/echo/batch/say?{query}", ServiceHost.Lines("\"x\""), 422)).FirstError().Text("field"));
        Assert.Equal(
            field, (await host.Gateway.GetAsync($"/api/queue/jobs?{query}", 422)).FirstError().Text("field"));
        await host.SendAsync("/api/echo/batch/say?lang=caf%C3%A9", ServiceHost.Lines("\"x\""));
    }

    [Fact]
    public async Task A_form_may_say_its_charset_and_leave_a_field_for_files_empty()
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        using var form = new MultipartFormDataContent { { new StringContent("UTF-8"), "_charset_" }, { new StringContent("x"), "item" } };
        await host.SendAsync("/api/echo/batch/say", form);
        using var other = new MultipartFormDataContent
        {
            { new StringContent("iso-8859-1"), "_charset_" }, { new StringContent("x"), "item" },
        };
        Assert.Equal("_charset_", (await host.SendAsync("/api/echo/batch/say", other, 422)).FirstError().Text("field"));

        const string empty = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n\r\n";
        const string full = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n";
        Assert.Equal(1, (await host.SendAsync("/api/echo/batch/look", Form(empty + full + "--b--\r\n"))).Whole("total_tasks"));
        Assert.Equal("items", (await host.SendAsync("/api/echo/batch/look", Form(empty + "--b--\r\n"), 400)).FirstError().Text("field"));
    }

    [Theory]
    [InlineData("X-A: 1\r\n folded", "one line")]
    [InlineData("X-A", "one line")]
    public async Task Unreadable_headers_of_a_part_are_named(string header, string reason)
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        var first = "--b\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\nx\r\n";
        var body = $"{first}--b\r\nContent-Disposition: form-data; name=\"item\"\r\n{header}\r\n\r\nx\r\n--b--\r\n";
        var detail = (await host.SendAsync("/api/echo/batch/say", Form(body), 400)).Text("detail");
        Assert.Contains("part 2", detail, StringComparison.Ordinal);
        Assert.Contains(reason, detail, StringComparison.Ordinal);

        var many = string.Concat(Enumerable.Range(0, 40).Select(number => $"X-{number}: 1\r\n"));
        detail = (await host.SendAsync("/api/echo/batch/say", Form($"--b\r\n{many}\r\nx\r\n--b--\r\n"), 400)).Text("detail");
        Assert.Contains("part 1 of the form has more than 16 headers", detail, StringComparison.Ordinal);
        detail = (await host.SendAsync(
            "/api/echo/batch/say", Form($"--b\r\nX: {new string('x', 40_000)}\r\n\r\nx\r\n--b--\r\n"), 400)).Text("detail");
        Assert.Contains("part 1 of the form has headers of more than", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        new[] { "\"a\"", "\"b\"", "\"c" }, "the line ends before the document does (line 3, byte 3 of the line, byte 11 of the body)")]
    [InlineData(new[] { "\"a\"", "", "nul" }, "line 3")]
    [InlineData(new[] { "\"a\"", "{x}" }, "line 2, byte 2 of the line, byte 6 of the body")]
    public async Task A_fault_in_lines_is_at_its_line(string[] lines, string where)
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        var problem = await host.SendAsync("/api/echo/batch/say", ServiceHost.Lines(lines), 400);
        Assert.Contains(where, problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_starts_at_one_place_and_words_are_of_one_dialect()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var job = await gateway.SubmitAsync("a");
        await gateway.SubmitAsync("b");
        await gateway.EndOfAsync(job);
        var next = (await gateway.GetAsync("/api/queue/jobs?limit=1")).Text("next");
        Assert.Equal("offset", (await gateway.GetAsync($"/api/queue/jobs?cursor={next}&offset=1", 422)).FirstError().Text("field"));
        await gateway.GetAsync($"/api/queue/jobs?cursor={next}&offset=0");
        using var both = await gateway.SendAsync(HttpMethod.Get, "/api/queue/jobs?dialect=plugin", null, ("StashAI-Dialect", "default"));
        Assert.Equal(422, (int)both.StatusCode);
        using var same = await gateway.SendAsync(HttpMethod.Get, "/api/queue/jobs?dialect=plugin", null, ("StashAI-Dialect", "plugin"));
        Assert.Equal(200, (int)same.StatusCode);
    }

    private static StringContent Form(string body)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        return content;
    }

    private static async Task<string> RefusedAsync(ServiceHost host, string path, string type, byte[] body)
    {
        using var response = await SendAsync(host, path, type, body);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)response.StatusCode == 415, $"{path} {type}: {(int)response.StatusCode} {text}");
        using var problem = JsonDocument.Parse(text);
        return problem.RootElement.Text("detail");
    }

    private static async Task<HttpResponseMessage> SendAsync(ServiceHost host, string path, string type, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await host.Gateway.Http.PostAsync(path, content, Cancellation);
    }
}
