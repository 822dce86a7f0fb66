using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Services;

namespace StashAI.Gateway.Tests.Routes.Uploads;

/// <summary><c>/api/uploads</c>: bodies in chunks.</summary>
public sealed class UploadTests
{
    /// <summary>A third of a boundary that is too long.</summary>
    private const string LongText = "0123456789012345678901234567890123456789012345678901234567890123456789";

    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        config:
          language: {type: string, default: en}
        operations:
          up:
            item: string
            request: {path: /up, json: {text: "{{ item }}", language: "{{ config.language }}"}}
          file:
            item: file
            request: {path: /file, raw: {file: item}}

        """;

    private const string Photos = """{"images":["YSBwaG90bw==","YW5vdGhlcg=="]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_in_chunks_becomes_the_job_that_it_would_be_in_one_request()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var body = Encoding.UTF8.GetBytes(Photos);
        var upload = await StartAsync(
            gateway, $$"""{"service":"visage","operation":"identify","size":{{body.Length}},"sha256":"{{Hex(body)}}"}""");
        Assert.Equal((0, "open", "application/json"), (upload.Number("offset"), upload.Text("state"), upload.Text("content_type")));

        for (var offset = 0; offset < body.Length; offset += 10)
        {
            var answer = await AppendAsync(gateway, upload, offset, body[offset..Math.Min(offset + 10, body.Length)]);
            Assert.Equal(Math.Min(offset + 10, body.Length), answer.Number("offset"));
        }

        var job = await gateway.PostAsync($"/api/uploads/{upload.Text("id")}/commit", "{}");

        Assert.Equal(2, job.Number("total_tasks"));
        var end = await gateway.EndOfAsync(job.Text("job_id"));
        Assert.Equal(2, end.Number("completed_tasks"));
        Assert.Equal(["a photo", "another"], gateway.Visage.Ledger.Calls.Select(call => call.Item).Order());
        Assert.Equal(("committed", job.Text("job_id")), Word(await gateway.GetAsync($"/api/uploads/{upload.Text("id")}")));
        static (string State, string Job) Word(JsonElement upload) => (upload.Text("state"), upload.Text("job_id"));
    }

    [Fact]
    public async Task A_second_commit_gives_the_same_job()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var upload = await WholeAsync(gateway, """{"service":"visage","operation":"identify"}""", Photos);

        using var first = await gateway.SendAsync(HttpMethod.Post, $"/api/uploads/{upload}/commit");
        using var second = await gateway.SendAsync(HttpMethod.Post, $"/api/uploads/{upload}/commit");

        var (one, other) = (await JsonAsync(first), await JsonAsync(second));
        Assert.Equal((first.StatusCode, one.Text("job_id"), 2), (second.StatusCode, other.Text("job_id"), other.Number("total_tasks")));
        Assert.Equal(
            ("true", first.Headers.Location), (second.Headers.GetValues("Idempotency-Replayed").Single(), second.Headers.Location));
        Assert.Equal(1, (await gateway.GetAsync("/api/jobs")).Number("total"));
    }

    [Fact]
    public async Task A_commit_whose_mark_was_lost_finds_its_job()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        var declaration = """{"service":"visage","operation":"identify"}""";
        var upload = await WholeAsync(gateway, declaration, Photos);
        var job = (await gateway.PostAsync($"/api/uploads/{upload}/commit", "{}")).Text("job_id");
        // As after a kill between the job and the mark: the bytes are there again, and the upload is open.
        var bytes = Encoding.UTF8.GetBytes(Photos);
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={gateway.DatabasePath};Pooling=False"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE body_uploads SET job_id = NULL, received = 0";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await AppendAsync(gateway, upload, 0, bytes);

        Assert.Equal(job, (await gateway.PostAsync($"/api/uploads/{upload}/commit", "{}")).Text("job_id"));
        Assert.Equal("committed", (await gateway.GetAsync($"/api/uploads/{upload}")).Text("state"));
    }

    [Fact]
    public async Task Chunks_that_do_not_fit_are_refused_with_the_offset_to_go_on_from()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var upload = (await StartAsync(gateway, """{"service":"visage","operation":"identify","size":20}""")).Text("id");
        await AppendAsync(gateway, upload, 0, "0123456789"u8.ToArray());

        await RefusedAsync(15, "56789", 409, "upload-gap");
        await RefusedAsync(5, "xx", 409, "upload-content");
        await RefusedAsync(8, "89xxxxxxxxxxx", 422, "invalid");
        Assert.Equal(10, (await AppendAsync(gateway, upload, 5, "56789"u8.ToArray())).Number("offset"));
        Assert.Equal(12, (await AppendAsync(gateway, upload, 5, "56789ab"u8.ToArray())).Number("offset"));
        var early = await gateway.PostAsync($"/api/uploads/{upload}/commit", "{}", 409);
        Assert.Equal(("urn:stashai:problem:upload-incomplete", 12), (early.Text("type"), early.Number("offset")));

        async Task RefusedAsync(long offset, string bytes, int status, string type)
        {
            var problem = await AppendAsync(gateway, upload, offset, Encoding.UTF8.GetBytes(bytes), status);
            Assert.Equal(($"urn:stashai:problem:{type}", 10), (problem.Text("type"), problem.Number("offset")));
        }
    }

    [Fact]
    public async Task A_chunk_needs_its_place_and_its_hash()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var upload = (await StartAsync(gateway, """{"service":"visage","operation":"identify"}""")).Text("id");
        var good = Digest("abc"u8.ToArray());

        await RefusedAsync(400, "Content-Digest", ("Upload-Offset", "0"));
        await RefusedAsync(422, "Content-Digest", ("Upload-Offset", "0"), ("Content-Digest", "sha-256=:eA==:"));
        await RefusedAsync(422, "Content-Digest", ("Upload-Offset", "0"), ("Content-Digest", Digest("abd"u8.ToArray())));
        await RefusedAsync(400, "Upload-Offset", ("Content-Digest", good));
        await RefusedAsync(422, "Upload-Offset", ("Upload-Offset", "-1"), ("Content-Digest", good));
        await RefusedAsync(422, "Upload-Offset", ("Upload-Offset", "1.5"), ("Content-Digest", good));
        Assert.Equal(413, (int)(await SendChunkAsync(gateway, upload, 0, new byte[(8 << 20) + 1])).StatusCode);
        Assert.Equal(200, (int)(await SendChunkAsync(gateway, upload, 0, new byte[8 << 20])).StatusCode);

        async Task RefusedAsync(int status, string field, params (string, string)[] headers)
        {
            using var response = await gateway.SendAsync(HttpMethod.Patch, $"/api/uploads/{upload}", "abc", headers);
            var problem = await JsonAsync(response);
            Assert.Equal((status, field), ((int)response.StatusCode, problem.FirstError().Text("field")));
            ProblemForm.Check(problem);
        }
    }

    [Fact]
    public async Task The_whole_body_must_match_its_hash()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var wrong = Hex("other"u8.ToArray());
        var declared = await WholeAsync(gateway, $$"""{"service":"visage","operation":"identify","sha256":"{{wrong}}"}""", Photos);
        var late = await WholeAsync(gateway, """{"service":"visage","operation":"identify"}""", Photos);

        Assert.Equal("sha256", (await gateway.PostAsync($"/api/uploads/{declared}/commit", "{}", 422)).FirstError().Text("field"));
        Assert.Equal(
            "sha256",
            (await gateway.PostAsync($"/api/uploads/{late}/commit", $$"""{"sha256":"{{wrong}}"}""", 422)).FirstError().Text("field"));
        Assert.Equal(0, (await gateway.GetAsync("/api/jobs")).Number("total"));
        await gateway.PostAsync($"/api/uploads/{late}/commit", $$"""{"sha256":"{{Hex(Encoding.UTF8.GetBytes(Photos))}}"}""");
    }

    [Fact]
    public async Task A_body_that_a_submit_refuses_is_refused_by_the_commit_and_stays_open()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var upload = await WholeAsync(gateway, """{"service":"visage","operation":"identify"}""", """{"images":["%%%"]}""");

        var problem = await gateway.PostAsync($"/api/uploads/{upload}/commit", "{}", 422);

        Assert.Equal("images[0]", problem.FirstError().Text("field"));
        Assert.Equal("open", (await gateway.GetAsync($"/api/uploads/{upload}")).Text("state"));
    }

    [Fact]
    public async Task Lines_have_their_configuration_in_the_declaration()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var upload = await WholeAsync(
            host.Gateway,
            """{"service":"echo","operation":"up","content_type":"application/x-ndjson","config":{"language":"de","job_name":"Lines"}}""",
            "\"one\"\n\"two\"\n");

        var job = (await host.Gateway.PostAsync($"/api/uploads/{upload}/commit", "{}")).Text("job_id");
        var end = await host.Gateway.EndOfAsync(job);

        Assert.Equal(("Lines", 2), (end.Text("job_name"), end.Number("completed_tasks")));
        Assert.Equal(
            [("one", "de"), ("two", "de")],
            host.Calls.Select(call => (call.JsonField("text")!, call.JsonField("language")!)).Order());
    }

    [Fact]
    public async Task A_form_may_come_in_chunks_too()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        using var form = new MultipartFormDataContent("border")
        {
            { new ByteArrayContent("first"u8.ToArray()), "file", "one.bin" },
            { new StringContent("Files"), "job_name" },
        };
        var body = await form.ReadAsStringAsync(Cancellation);
        var upload = await WholeAsync(
            host.Gateway, """{"service":"echo","operation":"file","content_type":"multipart/form-data; boundary=border"}""", body);

        var job = (await host.Gateway.PostAsync($"/api/uploads/{upload}/commit", "{}")).Text("job_id");

        Assert.Equal("Files", (await host.Gateway.EndOfAsync(job)).Text("job_name"));
        Assert.Equal(5, host.Calls.Single().BodyLength);
    }

    [Theory]
    [InlineData("""{}""", 400, "service")]
    [InlineData("""{"service":"nobody"}""", 422, "service")]
    [InlineData("""{"service":"echo"}""", 422, "service")]
    [InlineData("""{"service":"echo","operation":"sing"}""", 422, "operation")]
    [InlineData("""{"service":"echo","operation":"up","content_type":"image/png"}""", 422, "content_type")]
    [InlineData("""{"service":"echo","operation":"up","config":{}}""", 422, "config")]
    [InlineData("""{"service":"echo","operation":"up","sha256":"abc"}""", 422, "sha256")]
    [InlineData("""{"service":"echo","operation":"up","size":0}""", 422, "size")]
    [InlineData("""{"service":"echo","operation":"up","content_type":"multipart/form-data"}""", 422, "content_type")]
    [InlineData(
        """{"service":"echo","operation":"up","content_type":"multipart/form-data; boundary="""
        + LongText + LongText + LongText + "\"}",
        422, "content_type")]
    [InlineData("""{"service":"echo","operation":"up","content_type":"application/json; charset=utf-16"}""", 422, "content_type")]
    [InlineData("""{"service":"echo","operation":"up","content_type":"application/x-ndjson; charset=latin1"}""", 422, "content_type")]
    [InlineData("""{"service":"echo","operation":"up","size":1.5}""", 422, "size")]
    [InlineData("""{"service":"echo","operation":"up","size":99999999999999999999}""", 422, "size")]
    [InlineData("""{"service":"echo","operation":"up","sizes":1}""", 422, "sizes")]
    public async Task A_declaration_that_cannot_be_submitted_is_refused_at_once(string body, int status, string field)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);

        var problem = await host.Gateway.PostAsync("/api/uploads", body, status);

        Assert.Equal(field, problem.FirstError().Text("field"));
    }

    [Fact]
    public async Task The_same_key_gives_the_same_upload_and_another_declaration_is_refused()
    {
        await using var gateway = await GatewayHost.StartAsync();
        const string declaration = """{"service":"visage","operation":"identify","size":7}""";
        using var first = await gateway.SendAsync(HttpMethod.Post, "/api/uploads", declaration, ("Idempotency-Key", "k"));
        var upload = (await JsonAsync(first)).Text("id");
        await AppendAsync(gateway, upload, 0, "abc"u8.ToArray());

        using var again = await gateway.SendAsync(HttpMethod.Post, "/api/uploads", declaration, ("Idempotency-Key", "k"));
        using var other = await gateway.SendAsync(
            HttpMethod.Post, "/api/uploads", declaration.Replace('7', '8'), ("Idempotency-Key", "k"));

        Assert.Equal((201, 200, 422), ((int)first.StatusCode, (int)again.StatusCode, (int)other.StatusCode));
        var found = await JsonAsync(again);
        Assert.Equal((upload, 3), (found.Text("id"), found.Number("offset")));
    }

    [Fact]
    public async Task An_upload_belongs_to_its_key()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["API_KEYS"] = "submit:one-key-that-submits, submit:another-that-submits" });
        var mine = ("Authorization", "Bearer one-key-that-submits");
        var others = ("Authorization", "Bearer another-that-submits");
        using var started = await gateway.SendAsync(
            HttpMethod.Post, "/api/uploads", """{"service":"visage","operation":"identify"}""", mine, ("Idempotency-Key", "k"));
        var path = $"/api/uploads/{(await JsonAsync(started)).Text("id")}";

        foreach (var (method, end) in new[]
        {
            (HttpMethod.Get, ""), (HttpMethod.Patch, ""), (HttpMethod.Post, "/commit"), (HttpMethod.Delete, ""),
        })
        {
            using var refused = await gateway.SendAsync(method, path + end, null, others);
            Assert.Equal((method, 404), (method, (int)refused.StatusCode));
        }

        using var same = await gateway.SendAsync(
            HttpMethod.Post, "/api/uploads", """{"service":"visage","operation":"identify"}""", others, ("Idempotency-Key", "k"));
        Assert.Equal(201, (int)same.StatusCode);
        using var head = await gateway.SendAsync(HttpMethod.Head, path, null, mine);
        Assert.Equal((200, "0"), ((int)head.StatusCode, head.Headers.GetValues("Upload-Offset").Single()));
        using var gone = await gateway.SendAsync(HttpMethod.Delete, path, null, mine);
        using var after = await gateway.SendAsync(HttpMethod.Get, path, null, mine);
        Assert.Equal((204, 404), ((int)gone.StatusCode, (int)after.StatusCode));
    }

    [Fact]
    public async Task A_caller_has_so_many_open_uploads_and_bytes()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["MAX_OPEN_UPLOADS"] = "2", ["MAX_UPLOAD_BYTES"] = "100", ["MAX_BODY_BYTES"] = "80" });
        const string declaration = """{"service":"visage","operation":"identify"}""";
        var (one, two) = ((await StartAsync(gateway, declaration)).Text("id"), (await StartAsync(gateway, declaration)).Text("id"));

        Assert.Equal("MAX_OPEN_UPLOADS", (await gateway.PostAsync("/api/uploads", declaration, 409)).Text("setting"));
        Assert.Equal("MAX_BODY_BYTES", (await AppendAsync(gateway, one, 0, new byte[81], 413)).Text("setting"));
        await AppendAsync(gateway, one, 0, new byte[80]);
        Assert.Equal("MAX_UPLOAD_BYTES", (await AppendAsync(gateway, two, 0, new byte[21], 413)).Text("setting"));
        Assert.Equal(
            "MAX_BODY_BYTES",
            (await gateway.PostAsync("/api/uploads", """{"service":"visage","operation":"identify","size":81}""", 413)).Text("setting"));
    }

    private static async Task<JsonElement> StartAsync(GatewayHost gateway, string declaration) =>
        await gateway.PostAsync("/api/uploads", declaration, 201);

    private static async Task<string> WholeAsync(GatewayHost gateway, string declaration, string body)
    {
        var id = (await StartAsync(gateway, declaration)).Text("id");
        await AppendAsync(gateway, id, 0, Encoding.UTF8.GetBytes(body));
        return id;
    }

    private static Task<JsonElement> AppendAsync(GatewayHost gateway, JsonElement upload, long offset, byte[] bytes) =>
        AppendAsync(gateway, upload.Text("id"), offset, bytes);

    private static async Task<JsonElement> AppendAsync(GatewayHost gateway, string id, long offset, byte[] bytes, int status = 200)
    {
        using var response = await SendChunkAsync(gateway, id, offset, bytes);
        var answer = await JsonAsync(response);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {answer}");
        if (status >= 400) ProblemForm.Check(answer);
        return answer;
    }

    private static async Task<HttpResponseMessage> SendChunkAsync(GatewayHost gateway, string id, long offset, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/uploads/{id}") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.TryAddWithoutValidation("Upload-Offset", $"{offset}");
        request.Headers.TryAddWithoutValidation("Content-Digest", Digest(bytes));
        return await gateway.Http.SendAsync(request, Cancellation);
    }

    private static string Digest(byte[] bytes) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:";

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return document.RootElement.Clone();
    }
}
